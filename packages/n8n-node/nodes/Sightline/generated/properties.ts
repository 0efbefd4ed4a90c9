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
    "description": "What you want to know about the pictures or documents",
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
    "description": "The labels to choose from; separated by commas, or one a line",
    "placeholder": "e.g. receipt, invoice, screenshot",
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
    "description": "What to look for, in plain words",
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
    "description": "The text to summarize",
    "placeholder": "e.g. {{ $json.text }}",
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
    "description": "The text to translate",
    "placeholder": "e.g. {{ $json.text }}",
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
    "description": "Language to translate into",
    "placeholder": "e.g. German",
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
    "description": "The text to sort",
    "placeholder": "e.g. {{ $json.text }}",
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
    "description": "The labels to choose from; separated by commas, or one a line",
    "placeholder": "e.g. invoice, letter, contract",
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
          "value": "brief",
          "description": "A sentence or two"
        },
        {
          "name": "Standard",
          "value": "standard",
          "description": "What is there, and what it does"
        },
        {
          "name": "Detailed",
          "value": "detailed",
          "description": "All that can be told"
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
      "description": "What to pay most attention to (needs a model)",
      "placeholder": "e.g. the woman on the left"
    },
    {
      "displayName": "Language",
      "name": "language",
      "type": "string",
      "default": "",
      "description": "Language of the description, e.g. German (needs a model); default English",
      "placeholder": "e.g. German"
    },
    {
      "displayName": "Return Annotated Picture",
      "name": "annotate",
      "type": "boolean",
      "default": false,
      "description": "Whether to also return a copy of the picture with boxes drawn on it, in the binary field annotated",
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
      "description": "Pages of a PDF to read; all where left empty",
      "placeholder": "e.g. 1-3,7"
    },
    {
      "displayName": "Password",
      "name": "password",
      "type": "string",
      "typeOptions": {
        "password": true
      },
      "default": "",
      "description": "What opens the PDF where it is encrypted"
    },
    {
      "displayName": "Language",
      "name": "language",
      "type": "string",
      "default": "",
      "description": "Language of the answer; that of the question where left empty",
      "placeholder": "e.g. German"
    }
  ],
  "image:locate": [
    {
      "displayName": "Max Results",
      "name": "max",
      "type": "number",
      "typeOptions": {
        "minValue": 1,
        "maxValue": 50
      },
      "default": 10,
      "description": "How many places to return at most"
    },
    {
      "displayName": "Return Annotated Picture",
      "name": "annotate",
      "type": "boolean",
      "default": false,
      "description": "Whether to also return a copy of the picture with boxes drawn on it, in the binary field annotated",
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
      "displayName": "Multiple Labels",
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
          "value": "plain",
          "description": "As printed, row by row"
        },
        {
          "name": "Markdown",
          "value": "markdown",
          "description": "Headings, lists and tables marked"
        },
        {
          "name": "Layout",
          "value": "layout",
          "description": "Spaced as on the page"
        }
      ],
      "default": "plain",
      "description": "How the text is laid out in the output"
    },
    {
      "displayName": "Pages",
      "name": "pages",
      "type": "string",
      "default": "",
      "description": "Pages of a PDF to read; all where left empty",
      "placeholder": "e.g. 1-3,7"
    },
    {
      "displayName": "Reader",
      "name": "reader",
      "type": "options",
      "options": [
        {
          "name": "Text Recognition",
          "value": "machine",
          "description": "The PDF's own text where there is one, OCR elsewhere; no model is asked"
        },
        {
          "name": "Vision Model",
          "value": "model",
          "description": "For handwriting and difficult scans; what it writes is held against what OCR reads"
        }
      ],
      "default": "machine",
      "description": "Who reads the pages"
    },
    {
      "displayName": "Language",
      "name": "language",
      "type": "string",
      "default": "",
      "description": "Language of the text where it is known; improves recognition",
      "placeholder": "e.g. de"
    },
    {
      "displayName": "Evidence",
      "name": "evidence",
      "type": "options",
      "options": [
        {
          "name": "None",
          "value": "none",
          "description": "The values alone"
        },
        {
          "name": "Boxes",
          "value": "boxes",
          "description": "Each line with its bounding box and confidence"
        }
      ],
      "default": "boxes",
      "description": "Whether the output also says where everything was read"
    },
    {
      "displayName": "Password",
      "name": "password",
      "type": "string",
      "typeOptions": {
        "password": true
      },
      "default": "",
      "description": "What opens the PDF where it is encrypted"
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
      "description": "What may be read from; used in the order embedded XML, text of the PDF, OCR, the model"
    },
    {
      "displayName": "Pages",
      "name": "pages",
      "type": "string",
      "default": "",
      "description": "Pages of a PDF to read; all where left empty",
      "placeholder": "e.g. 1-3,7"
    },
    {
      "displayName": "Password",
      "name": "password",
      "type": "string",
      "typeOptions": {
        "password": true
      },
      "default": "",
      "description": "What opens the PDF where it is encrypted"
    },
    {
      "displayName": "Compare XML With Pages",
      "name": "compare",
      "type": "boolean",
      "default": false,
      "description": "Whether to also read the pages where the embedded XML says it all, and report where the two differ"
    },
    {
      "displayName": "Evidence",
      "name": "evidence",
      "type": "options",
      "options": [
        {
          "name": "None",
          "value": "none",
          "description": "The values alone"
        },
        {
          "name": "Boxes",
          "value": "boxes",
          "description": "For each value its page, box, quote and source"
        }
      ],
      "default": "boxes",
      "description": "Whether the output also says where everything was read"
    },
    {
      "displayName": "Return Annotated Pages",
      "name": "annotate",
      "type": "boolean",
      "default": false,
      "description": "Whether to also return pictures of the pages with the evidence drawn on them, as binary fields",
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
      "displayName": "Pages",
      "name": "pages",
      "type": "string",
      "default": "",
      "description": "Pages of a PDF to read; all where left empty",
      "placeholder": "e.g. 1-3,7"
    },
    {
      "displayName": "Password",
      "name": "password",
      "type": "string",
      "typeOptions": {
        "password": true
      },
      "default": "",
      "description": "What opens the PDF where it is encrypted"
    },
    {
      "displayName": "Evidence",
      "name": "evidence",
      "type": "options",
      "options": [
        {
          "name": "None",
          "value": "none",
          "description": "The values alone"
        },
        {
          "name": "Boxes",
          "value": "boxes",
          "description": "For each value its quote, page and box"
        }
      ],
      "default": "boxes",
      "description": "Whether the output also says where everything was read"
    }
  ],
  "video:search": [
    {
      "displayName": "Start (Seconds)",
      "name": "from",
      "type": "number",
      "typeOptions": {
        "minValue": 0
      },
      "default": 0,
      "description": "Where in the video to begin, in seconds from its beginning"
    },
    {
      "displayName": "End (Seconds)",
      "name": "to",
      "type": "number",
      "typeOptions": {
        "minValue": 0
      },
      "default": 60,
      "description": "Where in the video to stop, in seconds from its beginning"
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
      "description": "How many matches to return at most; the surest are kept"
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
      "description": "How exactly the start and end of a match are found, in seconds; finer takes longer"
    },
    {
      "displayName": "Only Estimate",
      "name": "estimate",
      "type": "boolean",
      "default": false,
      "description": "Whether to only say how many frames and questions to the model the search would take, without searching"
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
          "value": "brief",
          "description": "A sentence or two"
        },
        {
          "name": "Standard",
          "value": "standard",
          "description": "What is there, and what it does"
        },
        {
          "name": "Detailed",
          "value": "detailed",
          "description": "All that can be told"
        }
      ],
      "default": "standard",
      "description": "How much is said, and how closely is looked"
    },
    {
      "displayName": "Start (Seconds)",
      "name": "from",
      "type": "number",
      "typeOptions": {
        "minValue": 0
      },
      "default": 0,
      "description": "Where in the video to begin, in seconds from its beginning"
    },
    {
      "displayName": "End (Seconds)",
      "name": "to",
      "type": "number",
      "typeOptions": {
        "minValue": 0
      },
      "default": 60,
      "description": "Where in the video to stop, in seconds from its beginning"
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
      "description": "Language of the summary; that of the text where left empty",
      "placeholder": "e.g. German"
    }
  ],
  "text:translate": [
    {
      "displayName": "Source Language",
      "name": "source_language",
      "type": "string",
      "default": "",
      "description": "Language of the text, where known",
      "placeholder": "e.g. English"
    }
  ],
  "text:classify": [
    {
      "displayName": "Multiple Labels",
      "name": "multiple",
      "type": "boolean",
      "default": false,
      "description": "Whether to give every label that fits, not only the best one"
    }
  ]
};
