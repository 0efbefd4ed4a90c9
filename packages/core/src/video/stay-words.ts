import type { Clothing } from "../ports.ts";
import { clothingWords } from "../scene.ts";

/** "a person wearing a black top", "an elephant". */
export function stayWords({ label, clothing }: { readonly label: string; readonly clothing: Clothing | undefined }): string {
  const worn = clothing === undefined ? "" : clothingWords(clothing);
  return `${/^[aeiou]/.test(label) ? "an" : "a"} ${label}${worn === "" ? "" : ` wearing ${worn}`}`;
}
