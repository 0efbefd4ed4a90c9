import { tasks } from "@sightline/core";
import { operations } from "./operations.ts";
import { taskTool } from "./task-tool.ts";
import type { Tool } from "./tool.ts";

export const TOOLS: readonly Tool[] = [...tasks.filter((task) => task.doors.includes("mcp")).map(taskTool), ...operations];
