/** Files to try, which the server brings, and what to ask about them. */
export interface Sample {
  readonly file: string;
  readonly title: string;
  readonly tool: string;
  readonly values: Readonly<Record<string, string>>;
}

export const SAMPLES: readonly Sample[] = [
  {
    file: "park.jpg",
    title: "Find somebody in a picture",
    tool: "locate_object",
    values: { query: "the man wearing a white shirt and light blue jeans" },
  },
  { file: "invoice.pdf", title: "Read an invoice and check it", tool: "extract_invoice", values: {} },
  { file: "receipt.png", title: "Read the text of a receipt", tool: "extract_text", values: {} },
  {
    file: "park.mp4",
    title: "Find when something is seen in a video",
    tool: "search_video",
    values: { query: "a woman wearing a red top and blue jeans" },
  },
];
