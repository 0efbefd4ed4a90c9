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
        "name": "Document",
        "value": "document"
      },
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
    "displayName": "Resource",
    "name": "resource",
    "type": "options",
    "noDataExpression": true,
    "displayOptions": {
      "show": {
        "authentication": [
          "sightlineServerApi"
        ]
      }
    },
    "options": [
      {
        "name": "Document",
        "value": "document"
      },
      {
        "name": "Image",
        "value": "image"
      },
      {
        "name": "Video",
        "value": "video"
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
        "name": "Classify",
        "value": "classify",
        "action": "Classify an image",
        "description": "Sorts a picture under one or several of the given labels, never under another one, and says what in it speaks for each"
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
          "document"
        ]
      }
    },
    "options": [
      {
        "name": "Extract Invoice",
        "value": "extractInvoice",
        "action": "Extract an invoice",
        "description": "Reads the invoices and receipts in a PDF, picture or XML file"
      }
    ],
    "default": "extractInvoice"
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
    "displayName": "Operation",
    "name": "operation",
    "type": "options",
    "noDataExpression": true,
    "displayOptions": {
      "show": {
        "authentication": [
          "sightlineServerApi"
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
      },
      {
        "name": "Locate",
        "value": "locate",
        "action": "Locate something in an image",
        "description": "Finds where something is in a picture"
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
          "sightlineServerApi"
        ],
        "resource": [
          "document"
        ]
      }
    },
    "options": [
      {
        "name": "Extract Data",
        "value": "extractData",
        "action": "Extract data from a document",
        "description": "Reads a PDF or picture of any kind into your own fields"
      },
      {
        "name": "Extract Invoice",
        "value": "extractInvoice",
        "action": "Extract an invoice",
        "description": "Reads the invoices and receipts in a PDF, picture or XML file"
      },
      {
        "name": "Extract Text",
        "value": "extractText",
        "action": "Extract text from a document",
        "description": "Reads all text of a PDF or of a picture of a document, receipt, screenshot or sign, verbatim and in reading order"
      }
    ],
    "default": "extractText"
  },
  {
    "displayName": "Operation",
    "name": "operation",
    "type": "options",
    "noDataExpression": true,
    "displayOptions": {
      "show": {
        "authentication": [
          "sightlineServerApi"
        ],
        "resource": [
          "video"
        ]
      }
    },
    "options": [
      {
        "name": "Describe",
        "value": "describe",
        "action": "Describe a video",
        "description": "Says what happens in a video"
      },
      {
        "name": "Search",
        "value": "search",
        "action": "Search a video",
        "description": "Finds when something can be seen in a video, e.g. \"a woman wearing a red top and blue jeans\""
      }
    ],
    "default": "search"
  },
  {
    "displayName": "Question",
    "name": "question",
    "required": true,
    "type": "string",
    "typeOptions": {
      "rows": 4
    },
    "default": "",
    "description": "Question",
    "placeholder": "e.g. Which of these boxes is open?",
    "displayOptions": {
      "show": {
        "resource": [
          "image"
        ],
        "operation": [
          "ask"
        ]
      }
    }
  },
  {
    "displayName": "Query",
    "name": "query",
    "required": true,
    "type": "string",
    "default": "",
    "description": "What to find, e.g. \"the woman in the striped top\" or \"the sign that says EXIT\"",
    "placeholder": "e.g. the woman in the black and white striped top",
    "displayOptions": {
      "show": {
        "resource": [
          "image"
        ],
        "operation": [
          "locate"
        ]
      }
    }
  },
  {
    "displayName": "Labels",
    "name": "labels",
    "required": true,
    "type": "string",
    "default": "",
    "placeholder": "e.g. receipt, invoice, screenshot",
    "description": "The labels to choose from; separated by commas, or one a line",
    "displayOptions": {
      "show": {
        "resource": [
          "image"
        ],
        "operation": [
          "classify"
        ]
      }
    }
  },
  {
    "displayName": "Query",
    "name": "query",
    "required": true,
    "type": "string",
    "default": "",
    "description": "Query",
    "placeholder": "e.g. a person dressed in black",
    "displayOptions": {
      "show": {
        "resource": [
          "video"
        ],
        "operation": [
          "search"
        ]
      }
    }
  },
  {
    "displayName": "Text",
    "name": "text",
    "required": true,
    "type": "string",
    "typeOptions": {
      "rows": 4
    },
    "default": "",
    "description": "The text itself",
    "displayOptions": {
      "show": {
        "resource": [
          "text"
        ],
        "operation": [
          "summarize"
        ]
      }
    }
  },
  {
    "displayName": "Text",
    "name": "text",
    "required": true,
    "type": "string",
    "typeOptions": {
      "rows": 4
    },
    "default": "",
    "description": "The text itself",
    "displayOptions": {
      "show": {
        "resource": [
          "text"
        ],
        "operation": [
          "translate"
        ]
      }
    }
  },
  {
    "displayName": "Language",
    "name": "language",
    "required": true,
    "type": "string",
    "default": "",
    "description": "Language to translate into, e.g. German",
    "placeholder": "e.g. English",
    "displayOptions": {
      "show": {
        "resource": [
          "text"
        ],
        "operation": [
          "translate"
        ]
      }
    }
  },
  {
    "displayName": "Text",
    "name": "text",
    "required": true,
    "type": "string",
    "typeOptions": {
      "rows": 4
    },
    "default": "",
    "description": "The text itself",
    "displayOptions": {
      "show": {
        "resource": [
          "text"
        ],
        "operation": [
          "classify"
        ]
      }
    }
  },
  {
    "displayName": "Labels",
    "name": "labels",
    "required": true,
    "type": "string",
    "default": "",
    "placeholder": "e.g. invoice, letter, contract",
    "description": "The labels to choose from; separated by commas, or one a line",
    "displayOptions": {
      "show": {
        "resource": [
          "text"
        ],
        "operation": [
          "classify"
        ]
      }
    }
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
      "description": "Language of the description, e.g. German (needs a model); default English"
    },
    {
      "displayName": "Annotate",
      "name": "annotate",
      "type": "boolean",
      "default": false,
      "description": "Whether to also save a copy of the picture with the boxes drawn on it",
      "displayOptions": {
        "show": {
          "/authentication": [
            "sightlineServerApi"
          ]
        }
      }
    }
  ],
  "image:ask": [
    {
      "displayName": "Pages",
      "name": "pages",
      "type": "string",
      "default": "",
      "description": "Pages to read, e.g. \"1-3,7\" or \"5-\"; all where left out"
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
      "description": "Language of the answer, e.g. German; default: the question's"
    }
  ],
  "image:locate": [
    {
      "displayName": "Max",
      "name": "max",
      "type": "number",
      "typeOptions": {
        "minValue": 1,
        "maxValue": 50
      },
      "default": 10,
      "description": "The most boxes to return"
    },
    {
      "displayName": "Annotate",
      "name": "annotate",
      "type": "boolean",
      "default": false,
      "description": "Whether to also save a copy of the picture with the boxes drawn on it",
      "displayOptions": {
        "show": {
          "/authentication": [
            "sightlineServerApi"
          ]
        }
      }
    }
  ],
  "image:classify": [
    {
      "displayName": "Multiple",
      "name": "multiple",
      "type": "boolean",
      "default": false,
      "description": "Whether to give every label that fits, not only the best one"
    }
  ],
  "document:extractText": [
    {
      "displayName": "Format",
      "name": "format",
      "type": "options",
      "options": [
        {
          "name": "Plain",
          "value": "plain"
        },
        {
          "name": "Markdown",
          "value": "markdown"
        },
        {
          "name": "Layout",
          "value": "layout"
        }
      ],
      "default": "plain",
      "description": "Plain: as printed, row by row; markdown: headings, lists and tables marked; layout: spaced as on the page"
    },
    {
      "displayName": "Pages",
      "name": "pages",
      "type": "string",
      "default": "",
      "description": "Pages to read, e.g. \"1-3,7\" or \"5-\"; all where left out"
    },
    {
      "displayName": "Reader",
      "name": "reader",
      "type": "options",
      "options": [
        {
          "name": "Machine",
          "value": "machine"
        },
        {
          "name": "Model",
          "value": "model"
        }
      ],
      "default": "machine",
      "description": "Model: a vision model transcribes the pages (handwriting, difficult scans), held against what this machine reads there"
    },
    {
      "displayName": "Language",
      "name": "language",
      "type": "string",
      "default": "",
      "description": "Language of the text where known, e.g. de or pt-BR; improves recognition"
    },
    {
      "displayName": "Evidence",
      "name": "evidence",
      "type": "options",
      "options": [
        {
          "name": "None",
          "value": "none"
        },
        {
          "name": "Boxes",
          "value": "boxes"
        }
      ],
      "default": "boxes",
      "description": "Boxes: each line with its bounding box and confidence"
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
    }
  ],
  "document:extractInvoice": [
    {
      "displayName": "Sources",
      "name": "sources",
      "type": "multiOptions",
      "options": [
        {
          "name": "XML",
          "value": "xml"
        },
        {
          "name": "Text",
          "value": "text"
        },
        {
          "name": "OCR",
          "value": "ocr"
        },
        {
          "name": "Model",
          "value": "model"
        }
      ],
      "default": [
        "xml",
        "text",
        "ocr",
        "model"
      ],
      "description": "What may be read from, used in this order: embedded XML, text layer, OCR, the model"
    },
    {
      "displayName": "Pages",
      "name": "pages",
      "type": "string",
      "default": "",
      "description": "Pages to read, e.g. \"1-3,7\" or \"5-\"; all where left out"
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
      "displayName": "Compare",
      "name": "compare",
      "type": "boolean",
      "default": false,
      "description": "Whether to also read the pages where XML says it all, and report what the two tell differently"
    },
    {
      "displayName": "Evidence",
      "name": "evidence",
      "type": "options",
      "options": [
        {
          "name": "None",
          "value": "none"
        },
        {
          "name": "Boxes",
          "value": "boxes"
        }
      ],
      "default": "boxes",
      "description": "Boxes: for each value its page, box, quote and source"
    },
    {
      "displayName": "Annotate",
      "name": "annotate",
      "type": "boolean",
      "default": false,
      "description": "Whether to also save the pages with the evidence drawn on them, in the colors of the checks",
      "displayOptions": {
        "show": {
          "/authentication": [
            "sightlineServerApi"
          ]
        }
      }
    }
  ],
  "document:extractData": [
    {
      "displayName": "Fields",
      "name": "fields",
      "type": "json",
      "default": "",
      "description": "What to read; or give schema, e.g. [{\"name\":\"rent\",\"type\":\"amount\",\"description\":\"rent a month\"},{\"name\":\"start\",\"type\":\"date\"}]"
    },
    {
      "displayName": "Schema",
      "name": "schema",
      "type": "json",
      "default": "",
      "description": "JSON Schema of an object: nested objects, arrays, strings (enum, format date), numbers, integers, booleans, e.g. {\"type\":\"object\",\"properties\":{\"dishes\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"price\":{\"type\":\"number\"}}}}}}"
    },
    {
      "displayName": "Pages",
      "name": "pages",
      "type": "string",
      "default": "",
      "description": "Pages to read, e.g. \"1-3,7\" or \"5-\"; all where left out"
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
      "displayName": "Evidence",
      "name": "evidence",
      "type": "options",
      "options": [
        {
          "name": "None",
          "value": "none"
        },
        {
          "name": "Boxes",
          "value": "boxes"
        }
      ],
      "default": "boxes",
      "description": "Boxes: for each value its quote, page and box"
    }
  ],
  "video:search": [
    {
      "displayName": "From",
      "name": "from",
      "type": "number",
      "typeOptions": {
        "minValue": 0
      },
      "default": 0,
      "description": "Seconds"
    },
    {
      "displayName": "To",
      "name": "to",
      "type": "number",
      "typeOptions": {
        "minValue": 0
      },
      "default": 0,
      "description": "Seconds"
    },
    {
      "displayName": "Max Matches",
      "name": "max_matches",
      "type": "number",
      "typeOptions": {
        "minValue": 1,
        "maxValue": 100
      },
      "default": 20,
      "description": "The surest ones"
    },
    {
      "displayName": "Precision (Seconds)",
      "name": "precision_s",
      "type": "number",
      "typeOptions": {
        "minValue": 0.02,
        "maxValue": 60
      },
      "default": 0.5,
      "description": "Of starts and ends"
    },
    {
      "displayName": "Estimate",
      "name": "estimate",
      "type": "boolean",
      "default": false,
      "description": "Whether to only say what it would take"
    }
  ],
  "video:describe": [
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
      "description": "How much is said, and how closely is looked"
    },
    {
      "displayName": "From",
      "name": "from",
      "type": "number",
      "typeOptions": {
        "minValue": 0
      },
      "default": 0,
      "description": "Seconds"
    },
    {
      "displayName": "To",
      "name": "to",
      "type": "number",
      "typeOptions": {
        "minValue": 0
      },
      "default": 0,
      "description": "Seconds"
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
      "description": "Language of the summary, e.g. German; default: the text's"
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
      "description": "Whether to give every label that fits, not only the best one"
    }
  ]
};
