// Generated from the tasks; `npx -y pnpm@12 run docs` writes it anew.
import type { Operation } from "../../../lib/operations.ts";

export const operations: Readonly<Record<string, Operation>> = {
  "image:describe": {
    "task": "describe_image",
    "files": {
      "field": "image",
      "takes": "image",
      "several": false
    },
    "fields": [
      {
        "name": "detail",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "focus",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "language",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "image:ask": {
    "task": "ask_image",
    "files": {
      "field": "images",
      "takes": "image",
      "several": true
    },
    "fields": [
      {
        "name": "question",
        "required": true,
        "form": "as-is"
      },
      {
        "name": "pages",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "password",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "language",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "text:summarize": {
    "task": "summarize_text",
    "fields": [
      {
        "name": "text",
        "required": true,
        "form": "as-is"
      },
      {
        "name": "length",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "language",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "text:translate": {
    "task": "translate_text",
    "fields": [
      {
        "name": "text",
        "required": true,
        "form": "as-is"
      },
      {
        "name": "language",
        "required": true,
        "form": "as-is"
      },
      {
        "name": "source_language",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "text:classify": {
    "task": "classify_text",
    "fields": [
      {
        "name": "text",
        "required": true,
        "form": "as-is"
      },
      {
        "name": "labels",
        "required": true,
        "form": "list"
      },
      {
        "name": "multiple",
        "required": false,
        "form": "as-is"
      }
    ]
  }
};
