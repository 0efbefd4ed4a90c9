import { config } from "zod/v4/core";

// Imported before anything that makes a schema: zod would try `new Function` otherwise, which the page's policy forbids and the console would show.
config({ jitless: true });
