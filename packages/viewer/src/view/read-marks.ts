import { boxOf, isJson, listOf, numberOf, textOf, textsOf, type Json } from "./json.ts";
import type { Mark } from "./view.ts";

/** What stands where: things and people of a picture, lines of pages, quotes of an answer. */
export function readMarks(output: Json): Mark[] {
  return [
    ...[
      ...listOf(output["objects"]).flatMap((each, index) => mark(`object-${index}`, each, textOf(each["label"]) ?? "object", by(each))),
      ...listOf(output["people"]).flatMap((each, index) => mark(`person-${index}`, each, `person ${index + 1}`, clothes(each["clothing"]))),
    ].map((thing) => ({ ...thing, named: true as const })),
    ...listOf(output["pages"]).flatMap((page) =>
      listOf(page["lines"]).flatMap((line, index) => {
        const number = numberOf(page["number"]) ?? 1;
        return mark(`line-${number}-${index}`, { ...line, page: number }, textOf(line["text"]) ?? "", "");
      }),
    ),
    ...listOf(output["quotes"]).flatMap((quote, index) => mark(`quote-${index}`, quote, `“${textOf(quote["text"]) ?? ""}”`, "")),
  ];
}

function mark(id: string, value: Json, label: string, more: string): Mark[] {
  const box = boxOf(value["box"]);
  if (box === undefined) return [];
  const sure = numberOf(value["confidence"]);
  const detail = [sure === undefined ? "" : `${Math.round(sure * 100)}\u00A0%`, more].filter((each) => each !== "").join(", ");
  const file = (numberOf(value["image"]) ?? 1) - 1;
  return [{ id, file, page: numberOf(value["page"]) ?? 1, box, label, detail, tone: "plain" }];
}

function by({ method }: Json): string {
  const name = textOf(method);
  return name === undefined ? "" : `by ${name === "detector" ? "the detector" : name === "text" ? "OCR" : `the model's ${name}`}`;
}

/** "striped black and white top, blue bottoms". */
function clothes(clothing: unknown): string {
  if (!isJson(clothing)) return "";
  const worn = [
    ["upper", "top"],
    ["lower", "bottoms"],
    ["feet", "footwear"],
  ] as const;
  return worn
    .flatMap(([part, name]) => {
      const garment = clothing[part];
      if (!isJson(garment)) return [];
      const pattern = textOf(garment["pattern"]);
      const colors = textsOf(garment["colors"]).join(" and ");
      return [[...(pattern === undefined || pattern === "plain" ? [] : [pattern]), colors, name].filter((each) => each !== "").join(" ")];
    })
    .join(", ");
}
