// Generated from the tasks; `npx -y pnpm@12 run docs` writes it anew.
import { askImage, classifyImage, classifyText, describeImage, extractInvoice, summarizeText, translateText, type Task } from "@sightline/core";

/** The tasks that can be done inside n8n. */
export const tasks: readonly Task[] = [describeImage, askImage, classifyImage, extractInvoice, summarizeText, translateText, classifyText];
