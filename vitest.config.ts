import { defineConfig } from "vitest/config";

/** A file to write the results to as JSON, for whoever adds up several runs. */
const report = process.env["SIGHTLINE_TEST_REPORT"];

export default defineConfig({
  resolve: { conditions: ["@sightline/source"] },
  ssr: { resolve: { conditions: ["@sightline/source"] } },
  test: {
    include: ["packages/*/{src,lib}/**/*.test.ts", "scripts/**/*.test.ts", "test/**/*.test.ts"],
    // They install from the registry, or need what was installed from there: `npx -y pnpm@12 test:pack`, `bundle` and `test:mcpb`, `test:n8n`, `test:viewer`; or a Redis: `test:redis`.
    exclude: ["**/node_modules/**", "test/pack/**", "test/mcpb/**", "test/n8n/**", "test/viewer/**", "test/redis/**"],
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Looked at often, and for as long as a machine with much else to do may take: the default is a second.
    expect: { poll: { timeout: 30_000, interval: 20 } },
  },
});
