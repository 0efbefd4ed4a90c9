import { defineConfig, mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";

const config = mergeConfig(base, defineConfig({}));
config.test = {
  ...config.test,
  include: ["test/viewer/**/*.test.ts"],
  exclude: ["**/node_modules/**"],
  // One browser at a time: they share the cores with the server they look at.
  fileParallelism: false,
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

export default config;
