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
      },
      {
        "name": "annotate",
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
  "image:locate": {
    "task": "locate_object",
    "files": {
      "field": "image",
      "takes": "image",
      "several": false
    },
    "fields": [
      {
        "name": "query",
        "required": true,
        "form": "as-is"
      },
      {
        "name": "max",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "annotate",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "image:classify": {
    "task": "classify_image",
    "files": {
      "field": "image",
      "takes": "image",
      "several": false
    },
    "fields": [
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
  },
  "document:extractText": {
    "task": "extract_text",
    "files": {
      "field": "document",
      "takes": "document",
      "several": false
    },
    "fields": [
      {
        "name": "format",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "pages",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "reader",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "language",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "evidence",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "password",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "document:extractInvoice": {
    "task": "extract_invoice",
    "files": {
      "field": "document",
      "takes": "document",
      "several": false
    },
    "fields": [
      {
        "name": "sources",
        "required": false,
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
        "name": "compare",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "evidence",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "annotate",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "document:extractData": {
    "task": "extract_data",
    "files": {
      "field": "document",
      "takes": "document",
      "several": false
    },
    "fields": [
      {
        "name": "fields",
        "required": false,
        "form": "json"
      },
      {
        "name": "schema",
        "required": false,
        "form": "json"
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
        "name": "evidence",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "video:search": {
    "task": "search_video",
    "files": {
      "field": "video",
      "takes": "video",
      "several": false
    },
    "fields": [
      {
        "name": "query",
        "required": true,
        "form": "as-is"
      },
      {
        "name": "from",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "to",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "max_matches",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "precision_s",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "estimate",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "video:describe": {
    "task": "describe_video",
    "files": {
      "field": "video",
      "takes": "video",
      "several": false
    },
    "fields": [
      {
        "name": "detail",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "from",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "to",
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
