import { fileURLToPath } from "node:url";
import { defineConfig, mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";

const config = mergeConfig(base, defineConfig({}));
config.test = {
  ...config.test,
  include: ["test/n8n/**/*.test.ts"],
  exclude: ["**/node_modules/**"],
  globalSetup: [fileURLToPath(new URL("global-setup.ts", import.meta.url))],
  fileParallelism: false,
};

export default config;
