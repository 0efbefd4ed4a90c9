import { defineConfig, mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";

const config = mergeConfig(base, defineConfig({}));
config.test = { ...config.test, include: ["test/mcpb/**/*.test.ts"], exclude: ["**/node_modules/**"] };

export default config;
