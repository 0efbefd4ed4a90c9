/** Legal forms of companies as they are printed after a name. */
const FORMS = [
  "GmbH & Co. KGaA", "GmbH & Co. KG", "GmbH & Co. OHG", "GmbH & Co.", "AG & Co. KG", "UG & Co. KG", "gGmbH", "GmbH", "mbH", "AG", "KGaA", "KG", "OHG", "GbR", "e.K.", "e.Kfm.", "e.Kfr.", "e.V.", "eG", "UG (haftungsbeschränkt)", "UG", "a.G.", "VVaG", "PartG mbB", "PartG", "Inh.", "SE", "SCE", "Ges.m.b.H.", "GesmbH",
  "Ltd.", "Ltd", "Limited", "LLP", "LLC", "L.L.C.", "Inc.", "Inc", "Corp.", "Corp", "Corporation", "Incorporated", "PLC", "plc", "L.P.", "Co.", "Company", "& Sons", "& Co", "Pty Ltd", "Pvt Ltd", "Pvt. Ltd.",
  "SARL", "S.A.R.L.", "SAS", "S.A.S.", "SASU", "EURL", "S.A.", "SA", "SNC", "S.N.C.", "SCI", "SCP", "SELARL", "Sàrl",
  "S.L.", "S.L.U.", "SL", "SLU", "S.A.U.", "S.Coop.", "C.B.", "S.C.",
  "S.r.l.", "S.R.L.", "Srl", "SRL", "S.p.A.", "S.P.A.", "SpA", "SPA", "S.n.c.", "S.a.s.", "S.s.", "Soc. Coop.", "S.r.l.s.",
  "B.V.", "BV", "N.V.", "NV", "V.O.F.", "VOF", "BVBA", "SPRL", "CVBA", "C.V.",
  "Lda.", "Lda", "Ltda.", "Ltda", "Unipessoal", "EIRELI", "S/A",
  "Sdn Bhd", "Sdn. Bhd.", "SDN BHD", "SDN. BHD.", "SDN BHD.", "SDN.BHD", "Bhd", "BHD", "Bhd.", "BHD.", "S/B", "Pte Ltd", "Pte. Ltd.", "PTE LTD", "PTE. LTD.", "PLT", "Enterprise", "ENTERPRISE", "TRADING", "Trading",
  "ApS", "A/S", "AB", "AS", "ASA", "Oy", "Oyj", "OÜ", "Sp. z o.o.", "S.K.A.", "s.r.o.", "a.s.", "Kft.", "Zrt.", "d.o.o.", "EOOD", "OOD",
  "有限公司", "股份有限公司", "有限责任公司", "公司",
] as const; // prettier-ignore

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(" ", String.raw`\s?`);

const FORM = new RegExp(
  String.raw`(?:(?<![\p{L}\p{N}])(?:${[...FORMS]
    .filter((form) => !/\p{Script=Han}/u.test(form))
    .sort((a, b) => b.length - a.length)
    .map(escape)
    .join("|")})(?![\p{L}\p{N}])|公司|(?:SDN\.?\s?BHD|GMBH|LTD)\b)`,
  "gu",
);

/** Where the last legal form in a text ends; undefined where there is none. */
export function legalFormEnd(text: string): number | undefined {
  const last = [...text.matchAll(FORM)].at(-1);
  return last === undefined ? undefined : last.index + last[0].length;
}

/** Whether a text names a company by its legal form, with a name before it. */
export function hasLegalForm(text: string): boolean {
  return [...text.matchAll(FORM)].some(({ index }) => /\p{L}/u.test(text.slice(0, index)));
}
