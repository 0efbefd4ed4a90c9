import type { TestProject } from "vitest/node";
import { type N8nFacts, startN8n } from "./n8n.ts";

/** One n8n for all test files: it takes half a minute to start. */

declare module "vitest" {
  interface ProvidedContext {
    n8n: N8nFacts;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { close, ...facts } = await startN8n();
  project.provide("n8n", facts);
  return close;
}
