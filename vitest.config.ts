import { defineConfig } from "vitest/config";

/** A file to write the results to as JSON, for whoever adds up several runs. */
const report = process.env["SIGHTLINE_TEST_REPORT"];

export default defineConfig({
  resolve: { conditions: ["@sightline/source"] },
  ssr: { resolve: { conditions: ["@sightline/source"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
    // Installs the packed packages from the registry: `npx -y pnpm@12 test:pack`.
    exclude: ["**/node_modules/**", "test/pack/**"],
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
