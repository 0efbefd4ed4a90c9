/**
 * What the editor says of a field where the tasks' own words, which agents pay for by the token, are too short for somebody who has never seen it; by
 * `task.field`, or `field` for all that have it.
 */
export interface Wording {
  /** Its name in the editor; default: made from the field's. */
  readonly label?: string;
  readonly description?: string;
  readonly placeholder?: string;
  /** What the editor puts in first. */
  readonly default?: number;
  /** The values of a choice: their names, where they are more than the value, and what they mean. */
  readonly values?: Readonly<Record<string, { readonly name?: string; readonly description: string }>>;
}

const EVIDENCE = (boxes: string): Wording => ({
  description: "Whether the output also says where everything was read",
  values: { none: { description: "The values alone" }, boxes: { description: boxes } },
});

const DETAIL: NonNullable<Wording["values"]> = {
  brief: { description: "A sentence or two" },
  standard: { description: "What is there, and what it does" },
  detailed: { description: "All that can be told" },
};

export const WORDINGS: Readonly<Record<string, Wording>> = {
  pages: { description: "Pages of a PDF to read; all where left empty", placeholder: "e.g. 1-3,7" },
  password: { description: "What opens the PDF where it is encrypted" },
  language: { placeholder: "e.g. German" },
  "describe_image.annotate": {
    label: "Return Annotated Picture",
    description: "Whether to also return a copy of the picture with boxes drawn on it, in the binary field annotated",
  },
  "describe_image.detail": { values: DETAIL },
  "describe_image.focus": { placeholder: "e.g. the woman on the left" },
  "ask_image.question": { description: "What you want to know about the pictures or documents" },
  "ask_image.language": { description: "Language of the answer; that of the question where left empty" },
  "locate_object.max": { label: "Max Results", description: "How many places to return at most" },
  "locate_object.annotate": {
    label: "Return Annotated Picture",
    description: "Whether to also return a copy of the picture with boxes drawn on it, in the binary field annotated",
  },
  multiple: { label: "Multiple Labels" },
  "extract_text.format": {
    description: "How the text is laid out in the output",
    values: {
      plain: { description: "As printed, row by row" },
      markdown: { description: "Headings, lists and tables marked" },
      layout: { description: "Spaced as on the page" },
    },
  },
  "extract_text.reader": {
    description: "Who reads the pages",
    values: {
      machine: { name: "Text Recognition", description: "The PDF's own text where there is one, OCR elsewhere; no model is asked" },
      model: { name: "Vision Model", description: "For handwriting and difficult scans; what it writes is held against what OCR reads" },
    },
  },
  "extract_text.language": {
    description: "Language of the text where it is known; improves recognition",
    placeholder: "e.g. de",
  },
  "extract_text.evidence": EVIDENCE("Each line with its bounding box and confidence"),
  "extract_invoice.sources": { description: "What may be read from; used in the order embedded XML, text of the PDF, OCR, the model" },
  "extract_invoice.compare": {
    label: "Compare XML With Pages",
    description: "Whether to also read the pages where the embedded XML says it all, and report where the two differ",
  },
  "extract_invoice.evidence": EVIDENCE("For each value its page, box, quote and source"),
  "extract_invoice.annotate": {
    label: "Return Annotated Pages",
    description: "Whether to also return pictures of the pages with the evidence drawn on them, as binary fields",
  },
  "extract_data.evidence": EVIDENCE("For each value its quote, page and box"),
  "search_video.query": { description: "What to look for, in plain words" },
  from: { label: "Start (Seconds)", description: "Where in the video to begin, in seconds from its beginning" },
  to: { label: "End (Seconds)", description: "Where in the video to stop, in seconds from its beginning", default: 60 },
  "search_video.max_matches": { description: "How many matches to return at most; the surest are kept" },
  "search_video.precision_s": { description: "How exactly the start and end of a match are found, in seconds; finer takes longer" },
  "search_video.estimate": {
    label: "Only Estimate",
    description: "Whether to only say how many frames and questions to the model the search would take, without searching",
  },
  "describe_video.detail": { values: DETAIL },
  "summarize_text.text": { description: "The text to summarize", placeholder: "e.g. {{ $json.text }}" },
  "summarize_text.language": { description: "Language of the summary; that of the text where left empty" },
  "translate_text.text": { description: "The text to translate", placeholder: "e.g. {{ $json.text }}" },
  "translate_text.language": { description: "Language to translate into", placeholder: "e.g. German" },
  "translate_text.source_language": { placeholder: "e.g. English" },
  "classify_text.text": { description: "The text to sort", placeholder: "e.g. {{ $json.text }}" },
};

/** Of `task`'s field `name`. */
export function wordingOf(task: string, name: string): Wording {
  return { ...WORDINGS[name], ...WORDINGS[`${task}.${name}`] };
}
