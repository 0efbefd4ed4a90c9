// Generated from the tasks; `npx -y pnpm@12 run docs` writes it anew.
import type { INodeProperties } from "n8n-workflow";

export const taskProperties: INodeProperties[] = [
  {
    "displayName": "Resource",
    "name": "resource",
    "type": "options",
    "noDataExpression": true,
    "displayOptions": {
      "show": {
        "authentication": [
          "sightlineModelApi"
        ]
      }
    },
    "options": [
      {
        "name": "Image",
        "value": "image"
      },
      {
        "name": "Text",
        "value": "text"
      }
    ],
    "default": "image"
  },
  {
    "displayName": "Operation",
    "name": "operation",
    "type": "options",
    "noDataExpression": true,
    "displayOptions": {
      "show": {
        "authentication": [
          "sightlineModelApi"
        ],
        "resource": [
          "image"
        ]
      }
    },
    "options": [
      {
        "name": "Ask",
        "value": "ask",
        "action": "Ask about an image",
        "description": "Answers a question about pictures or documents (PDFs too)"
      },
      {
        "name": "Describe",
        "value": "describe",
        "action": "Describe an image",
        "description": "Looks at one picture and says what it shows"
      }
    ],
    "default": "describe"
  },
  {
    "displayName": "Operation",
    "name": "operation",
    "type": "options",
    "noDataExpression": true,
    "displayOptions": {
      "show": {
        "authentication": [
          "sightlineModelApi"
        ],
        "resource": [
          "text"
        ]
      }
    },
    "options": [
      {
        "name": "Classify",
        "value": "classify",
        "action": "Classify a text",
        "description": "Sorts a text under one or several of the given labels, never under another one"
      },
      {
        "name": "Summarize",
        "value": "summarize",
        "action": "Summarize a text",
        "description": "Summarizes a text in a sentence, a paragraph or bullets"
      },
      {
        "name": "Translate",
        "value": "translate",
        "action": "Translate a text",
        "description": "Translates a text into another language"
      }
    ],
    "default": "summarize"
  },
  {
    "displayName": "Question",
    "name": "question",
    "displayOptions": {
      "show": {
        "resource": [
          "image"
        ],
        "operation": [
          "ask"
        ]
      }
    },
    "required": true,
    "type": "string",
    "typeOptions": {
      "rows": 4
    },
    "default": "",
    "description": "Question"
  },
  {
    "displayName": "Text",
    "name": "text",
    "displayOptions": {
      "show": {
        "resource": [
          "text"
        ],
        "operation": [
          "summarize"
        ]
      }
    },
    "required": true,
    "type": "string",
    "typeOptions": {
      "rows": 4
    },
    "default": "",
    "description": "The text itself"
  },
  {
    "displayName": "Text",
    "name": "text",
    "displayOptions": {
      "show": {
        "resource": [
          "text"
        ],
        "operation": [
          "translate"
        ]
      }
    },
    "required": true,
    "type": "string",
    "typeOptions": {
      "rows": 4
    },
    "default": "",
    "description": "The text itself"
  },
  {
    "displayName": "Language",
    "name": "language",
    "displayOptions": {
      "show": {
        "resource": [
          "text"
        ],
        "operation": [
          "translate"
        ]
      }
    },
    "required": true,
    "type": "string",
    "default": "",
    "description": "Language to translate into, e.g. German."
  },
  {
    "displayName": "Text",
    "name": "text",
    "displayOptions": {
      "show": {
        "resource": [
          "text"
        ],
        "operation": [
          "classify"
        ]
      }
    },
    "required": true,
    "type": "string",
    "typeOptions": {
      "rows": 4
    },
    "default": "",
    "description": "The text itself"
  },
  {
    "displayName": "Labels",
    "name": "labels",
    "displayOptions": {
      "show": {
        "resource": [
          "text"
        ],
        "operation": [
          "classify"
        ]
      }
    },
    "required": true,
    "type": "string",
    "default": "",
    "description": "The labels to choose from; separated by commas, or one a line"
  }
];

export const taskOptions: Readonly<Record<string, INodeProperties[]>> = {
  "image:describe": [
    {
      "displayName": "Detail",
      "name": "detail",
      "type": "options",
      "options": [
        {
          "name": "Brief",
          "value": "brief"
        },
        {
          "name": "Standard",
          "value": "standard"
        },
        {
          "name": "Detailed",
          "value": "detailed"
        }
      ],
      "default": "standard",
      "description": "Length of the description"
    },
    {
      "displayName": "Focus",
      "name": "focus",
      "type": "string",
      "default": "",
      "description": "What to pay most attention to (needs a model)"
    },
    {
      "displayName": "Language",
      "name": "language",
      "type": "string",
      "default": "",
      "description": "Language of the description, e.g. German (needs a model); default English."
    }
  ],
  "image:ask": [
    {
      "displayName": "Pages",
      "name": "pages",
      "type": "string",
      "default": "",
      "description": "Pages to read, e.g. \"1-3,7\" or \"5-\"; all where left out."
    },
    {
      "displayName": "Password",
      "name": "password",
      "type": "string",
      "typeOptions": {
        "password": true
      },
      "default": "",
      "description": "Opens an encrypted PDF"
    },
    {
      "displayName": "Language",
      "name": "language",
      "type": "string",
      "default": "",
      "description": "Language of the answer, e.g. German; default: the question's."
    }
  ],
  "text:summarize": [
    {
      "displayName": "Length",
      "name": "length",
      "type": "options",
      "options": [
        {
          "name": "Sentence",
          "value": "sentence"
        },
        {
          "name": "Paragraph",
          "value": "paragraph"
        },
        {
          "name": "Bullets",
          "value": "bullets"
        }
      ],
      "default": "paragraph",
      "description": "How long the summary is"
    },
    {
      "displayName": "Language",
      "name": "language",
      "type": "string",
      "default": "",
      "description": "Language of the summary, e.g. German; default: the text's."
    }
  ],
  "text:translate": [
    {
      "displayName": "Source Language",
      "name": "source_language",
      "type": "string",
      "default": "",
      "description": "Language of the text, where known"
    }
  ],
  "text:classify": [
    {
      "displayName": "Multiple",
      "name": "multiple",
      "type": "boolean",
      "default": false,
      "description": "Whether to give this: every label that fits, not only the best one"
    }
  ]
};
