// Generated from the tasks; `npx -y pnpm@12 run docs` writes it anew.
import type { Operations } from "../../../lib/operations.ts";

export const operations: Operations = {
  "image:describe": {
    "task": "describe_image",
    "action": "Describe an image",
    "files": {
      "field": "image",
      "kinds": [
        "image"
      ],
      "several": false,
      "skipsLogos": false
    },
    "fields": [
      {
        "name": "detail",
        "label": "Detail",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "focus",
        "label": "Focus",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "language",
        "label": "Language",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "annotate",
        "label": "Return Annotated Picture",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "image:ask": {
    "task": "ask_image",
    "action": "Ask about an image",
    "files": {
      "field": "images",
      "kinds": [
        "image",
        "pdf"
      ],
      "several": true,
      "skipsLogos": false
    },
    "fields": [
      {
        "name": "question",
        "label": "Question",
        "required": true,
        "form": "as-is"
      },
      {
        "name": "pages",
        "label": "Pages",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "password",
        "label": "Password",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "language",
        "label": "Language",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "image:locate": {
    "task": "locate_object",
    "action": "Locate something in an image",
    "files": {
      "field": "image",
      "kinds": [
        "image"
      ],
      "several": false,
      "skipsLogos": false
    },
    "fields": [
      {
        "name": "query",
        "label": "Query",
        "required": true,
        "form": "as-is"
      },
      {
        "name": "max",
        "label": "Max Results",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "annotate",
        "label": "Return Annotated Picture",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "image:classify": {
    "task": "classify_image",
    "action": "Classify an image",
    "files": {
      "field": "image",
      "kinds": [
        "image"
      ],
      "several": false,
      "skipsLogos": false
    },
    "fields": [
      {
        "name": "labels",
        "label": "Labels",
        "required": true,
        "form": "list"
      },
      {
        "name": "multiple",
        "label": "Multiple Labels",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "document:extractText": {
    "task": "extract_text",
    "action": "Extract text from a document",
    "files": {
      "field": "document",
      "kinds": [
        "pdf",
        "image"
      ],
      "several": false,
      "skipsLogos": true
    },
    "fields": [
      {
        "name": "format",
        "label": "Format",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "pages",
        "label": "Pages",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "reader",
        "label": "Reader",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "language",
        "label": "Language",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "evidence",
        "label": "Evidence",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "password",
        "label": "Password",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "document:extractInvoice": {
    "task": "extract_invoice",
    "action": "Extract an invoice",
    "files": {
      "field": "document",
      "kinds": [
        "pdf",
        "image",
        "xml"
      ],
      "several": false,
      "skipsLogos": true
    },
    "fields": [
      {
        "name": "sources",
        "label": "Sources",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "pages",
        "label": "Pages",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "password",
        "label": "Password",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "compare",
        "label": "Compare XML With Pages",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "evidence",
        "label": "Evidence",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "annotate",
        "label": "Return Annotated Pages",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "document:extractData": {
    "task": "extract_data",
    "action": "Extract data from a document",
    "files": {
      "field": "document",
      "kinds": [
        "pdf",
        "image"
      ],
      "several": false,
      "skipsLogos": true
    },
    "fields": [
      {
        "name": "pages",
        "label": "Pages",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "password",
        "label": "Password",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "evidence",
        "label": "Evidence",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "video:search": {
    "task": "search_video",
    "action": "Search a video",
    "files": {
      "field": "video",
      "kinds": [
        "video"
      ],
      "several": false,
      "skipsLogos": false
    },
    "fields": [
      {
        "name": "query",
        "label": "Query",
        "required": true,
        "form": "as-is"
      },
      {
        "name": "from",
        "label": "Start (Seconds)",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "to",
        "label": "End (Seconds)",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "max_matches",
        "label": "Max Matches",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "precision_s",
        "label": "Precision (Seconds)",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "estimate",
        "label": "Only Estimate",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "video:describe": {
    "task": "describe_video",
    "action": "Describe a video",
    "files": {
      "field": "video",
      "kinds": [
        "video"
      ],
      "several": false,
      "skipsLogos": false
    },
    "fields": [
      {
        "name": "detail",
        "label": "Detail",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "from",
        "label": "Start (Seconds)",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "to",
        "label": "End (Seconds)",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "text:summarize": {
    "task": "summarize_text",
    "action": "Summarize a text",
    "fields": [
      {
        "name": "text",
        "label": "Text",
        "required": true,
        "form": "as-is"
      },
      {
        "name": "length",
        "label": "Length",
        "required": false,
        "form": "as-is"
      },
      {
        "name": "language",
        "label": "Language",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "text:translate": {
    "task": "translate_text",
    "action": "Translate a text",
    "fields": [
      {
        "name": "text",
        "label": "Text",
        "required": true,
        "form": "as-is"
      },
      {
        "name": "language",
        "label": "Language",
        "required": true,
        "form": "as-is"
      },
      {
        "name": "source_language",
        "label": "Source Language",
        "required": false,
        "form": "as-is"
      }
    ]
  },
  "text:classify": {
    "task": "classify_text",
    "action": "Classify a text",
    "fields": [
      {
        "name": "text",
        "label": "Text",
        "required": true,
        "form": "as-is"
      },
      {
        "name": "labels",
        "label": "Labels",
        "required": true,
        "form": "list"
      },
      {
        "name": "multiple",
        "label": "Multiple Labels",
        "required": false,
        "form": "as-is"
      }
    ]
  }
};
