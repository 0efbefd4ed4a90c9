// Its types know the default export alone.
// oxlint-disable-next-line import/no-named-as-default
import PDFDocument from "pdfkit";

/** The bytes of a PDF with what `draw` draws on it. Points, origin at the top left; margins are the drawer's own business. */
export async function writePdf(draw: (pdf: PDFKit.PDFDocument) => void, options: PDFKit.PDFDocumentOptions = {}): Promise<Uint8Array> {
  // The same bytes each time: what is drawn by a file's hash is.
  const pdf = new PDFDocument({ margin: 50, info: { CreationDate: new Date(0) }, ...options });
  const parts: Uint8Array[] = [];
  const written = new Promise<Uint8Array>((resolve, reject) => {
    pdf.on("data", (part: Uint8Array) => parts.push(part));
    pdf.on("end", () => resolve(Buffer.concat(parts)));
    pdf.on("error", reject);
  });
  draw(pdf);
  pdf.end();
  return written;
}

/** A PDF from its objects as they stand in it, numbered from 1; the first is the catalog. */
export function bodyOfPdf(...objects: readonly string[]): Uint8Array {
  let text = "%PDF-1.7\n";
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`;
  return Buffer.from(`${text}${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`, "latin1");
}
