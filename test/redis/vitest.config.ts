import { defineConfig, mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";

const config = mergeConfig(base, defineConfig({}));
// One Redis and several processes a file: side by side they would only take each other's processor.
config.test = { ...config.test, include: ["test/redis/**/*.test.ts"], exclude: ["**/node_modules/**"], fileParallelism: false };

export default config;
