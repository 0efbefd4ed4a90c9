# Sightline's server, command line and workers, with all they see with. Built from a checkout: docker build -t sightline .
# What it needs at run time is two folders that can be written: /data (handed-in files, results) and /tmp. Everything else may be read-only.

FROM node:20.20.2-bookworm-slim AS packages
WORKDIR /build
COPY . .
RUN npx -y pnpm@12.21.0 install --frozen-lockfile && npx -y pnpm@12.21.0 --reporter=silent run build
RUN for each in core local cli mcp-server; do npx -y pnpm@12.21.0 --dir "packages/$each" pack --pack-destination /packed; done
RUN npm install --prefix /app --omit=dev --no-audit --no-fund /packed/*.tgz
# The other machines' builds of the runtime.
RUN rm -rf /app/node_modules/onnxruntime-node/bin/napi-v3/darwin /app/node_modules/onnxruntime-node/bin/napi-v3/win32

FROM node:20.20.2-bookworm-slim
# Videos are decoded by FFmpeg from PATH. Debian keeps only its newest build of a version, so none is named.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/* && install -d -o node -g node -m 0700 /data
COPY --from=packages /app /app
ENV PATH=/app/node_modules/.bin:$PATH NODE_ENV=production XDG_CACHE_HOME=/data SIGHTLINE_LOG=json SIGHTLINE_HTTP=0.0.0.0:8000
USER node
WORKDIR /app
EXPOSE 8000
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HEALTH_PORT ?? 8000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["sightline-mcp"]
