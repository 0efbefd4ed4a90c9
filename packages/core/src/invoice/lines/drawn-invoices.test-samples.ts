import type { Page } from "../../page.ts";
import { drawnPage } from "./drawn-page.test-samples.ts";
import type { Piece } from "./drawn-page.test-samples.ts";

/** One invoice in the words and number forms of a language, as its companies print them. */
export interface InvoiceWords {
  readonly seller: readonly [name: string, street: string, town: string];
  readonly buyer: readonly [heading: string, name: string, street: string, town: string];
  readonly vat: string;
  readonly title: string;
  readonly number: string;
  readonly date: string;
  readonly due: string;
  /** Description, quantity, unit price, tax rate, amount. */
  readonly columns: readonly [string, string, string, string, string];
  readonly lines: readonly (readonly [string, string, string, string, string])[];
  readonly net: readonly [string, string];
  readonly tax: readonly [string, string];
  readonly gross: readonly [string, string];
  readonly payment: string;
}

/** Two lines of 2 x 100.50 and 3 x 1,200.00; net 3,801.00, tax at one rate, gross. Number INV-2026/041, 3 May 2026, due 2 June 2026. */
export const INVOICES: Readonly<Record<string, InvoiceWords>> = {
  en: {
    seller: ["Harbour Tools Ltd", "12 Quay Street", "Bristol BS1 4DB"],
    buyer: ["Bill to:", "Northern Bakery plc", "8 Mill Lane", "Leeds LS1 2HD"],
    vat: "VAT No: GB 999 9999 73",
    title: "Invoice",
    number: "Invoice No: INV-2026/041",
    date: "Invoice date: 3 May 2026",
    due: "Due date: 2 June 2026",
    columns: ["Description", "Qty", "Unit price", "VAT", "Amount"],
    lines: [
      ["Bench vice 125 mm", "2", "100.50", "20%", "201.00"],
      ["Lathe, reconditioned", "3", "1,200.00", "20%", "3,600.00"],
    ],
    net: ["Subtotal excl. VAT", "£3,801.00"],
    tax: ["VAT 20%", "£760.20"],
    gross: ["Total incl. VAT", "£4,561.20"],
    payment: "IBAN: GB29 NWBK 6016 1331 9268 19",
  },
  de: {
    seller: ["Hafen Werkzeuge GmbH", "Kaistraße 12", "20457 Hamburg"],
    buyer: ["Rechnungsempfänger", "Nordbäckerei AG", "Mühlenweg 8", "24103 Kiel"],
    vat: "USt-IdNr.: DE136695976",
    title: "Rechnung",
    number: "Rechnungs-Nr.: INV-2026/041",
    date: "Rechnungsdatum: 03.05.2026",
    due: "Fällig am: 02.06.2026",
    columns: ["Bezeichnung", "Menge", "Einzelpreis", "MwSt.", "Gesamtpreis"],
    lines: [
      ["Schraubstock 125 mm", "2", "100,50", "19 %", "201,00"],
      ["Drehbank, überholt", "3", "1.200,00", "19 %", "3.600,00"],
    ],
    net: ["Nettobetrag", "3.801,00 €"],
    tax: ["zzgl. 19 % MwSt.", "722,19 €"],
    gross: ["Rechnungsbetrag", "4.523,19 €"],
    payment: "IBAN: DE89 3704 0044 0532 0130 00",
  },
  fr: {
    seller: ["Outils du Port SARL", "12 quai des Docks", "76600 Le Havre"],
    buyer: ["Facturé à :", "Boulangerie du Nord SA", "8 rue du Moulin", "59000 Lille"],
    vat: "N° TVA intracommunautaire : FR40303265045",
    title: "Facture",
    number: "Facture n° : INV-2026/041",
    date: "Date de facture : 03/05/2026",
    due: "Date d'échéance : 02/06/2026",
    columns: ["Désignation", "Quantité", "Prix unitaire HT", "TVA", "Montant HT"],
    lines: [
      ["Étau d'établi 125 mm", "2", "100,50", "20 %", "201,00"],
      ["Tour révisé", "3", "1 200,00", "20 %", "3 600,00"],
    ],
    net: ["Total HT", "3 801,00 €"],
    tax: ["TVA 20 %", "760,20 €"],
    gross: ["Total TTC", "4 561,20 €"],
    payment: "IBAN : FR76 3000 6000 0112 3456 7890 189",
  },
  es: {
    seller: ["Herramientas del Puerto S.L.", "Calle del Muelle 12", "46011 Valencia"],
    buyer: ["Facturar a:", "Panadería del Norte S.A.", "Calle del Molino 8", "33201 Gijón"],
    vat: "NIF: ESB12345674",
    title: "Factura",
    number: "Número de factura: INV-2026/041",
    date: "Fecha de factura: 03/05/2026",
    due: "Fecha de vencimiento: 02/06/2026",
    columns: ["Descripción", "Cantidad", "Precio unitario", "IVA", "Importe"],
    lines: [
      ["Tornillo de banco 125 mm", "2", "100,50", "21%", "201,00"],
      ["Torno revisado", "3", "1.200,00", "21%", "3.600,00"],
    ],
    net: ["Base imponible", "3.801,00 €"],
    tax: ["IVA 21%", "798,21 €"],
    gross: ["Total factura", "4.599,21 €"],
    payment: "IBAN: ES91 2100 0418 4502 0005 1332",
  },
  it: {
    seller: ["Utensili del Porto S.r.l.", "Via del Molo 12", "16126 Genova"],
    buyer: ["Spett.le", "Panificio del Nord S.p.A.", "Via del Mulino 8", "10121 Torino"],
    vat: "P.IVA: IT00743110157",
    title: "Fattura",
    number: "Fattura n. INV-2026/041",
    date: "Data fattura: 03/05/2026",
    due: "Scadenza: 02/06/2026",
    columns: ["Descrizione", "Quantità", "Prezzo unitario", "IVA", "Importo"],
    lines: [
      ["Morsa da banco 125 mm", "2", "100,50", "22%", "201,00"],
      ["Tornio revisionato", "3", "1.200,00", "22%", "3.600,00"],
    ],
    net: ["Totale imponibile", "3.801,00 €"],
    tax: ["IVA 22%", "836,22 €"],
    gross: ["Totale fattura", "4.637,22 €"],
    payment: "IBAN: IT60 X054 2811 1010 0000 0123 456",
  },
  nl: {
    seller: ["Havengereedschap B.V.", "Kadestraat 12", "3011 AB Rotterdam"],
    buyer: ["Factuuradres", "Noordbakkerij N.V.", "Molenweg 8", "9711 JB Groningen"],
    vat: "BTW-nummer: NL123456782B90",
    title: "Factuur",
    number: "Factuurnummer: INV-2026/041",
    date: "Factuurdatum: 03-05-2026",
    due: "Vervaldatum: 02-06-2026",
    columns: ["Omschrijving", "Aantal", "Prijs per stuk", "BTW", "Bedrag"],
    lines: [
      ["Bankschroef 125 mm", "2", "100,50", "21%", "201,00"],
      ["Draaibank, gereviseerd", "3", "1.200,00", "21%", "3.600,00"],
    ],
    net: ["Totaal excl. btw", "€ 3.801,00"],
    tax: ["21% btw", "€ 798,21"],
    gross: ["Totaal incl. btw", "€ 4.599,21"],
    payment: "IBAN: NL91 ABNA 0417 1643 00",
  },
  pt: {
    seller: ["Ferramentas do Porto Lda.", "Rua do Cais 12", "4050-253 Porto"],
    buyer: ["Cliente:", "Padaria do Norte S.A.", "Rua do Moinho 8", "4700-320 Braga"],
    vat: "NIF: PT501964843",
    title: "Fatura",
    number: "Fatura n.º: INV-2026/041",
    date: "Data da fatura: 03/05/2026",
    due: "Data de vencimento: 02/06/2026",
    columns: ["Descrição", "Quantidade", "Preço unitário", "IVA", "Valor"],
    lines: [
      ["Torno de bancada 125 mm", "2", "100,50", "23%", "201,00"],
      ["Torno mecânico", "3", "1.200,00", "23%", "3.600,00"],
    ],
    net: ["Total sem IVA", "3.801,00 €"],
    tax: ["IVA 23%", "874,23 €"],
    gross: ["Total com IVA", "4.675,23 €"],
    payment: "IBAN: PT50 0002 0123 1234 5678 9015 4",
  },
  zh: {
    seller: ["港口工具有限公司", "码头路12号", "200080 上海市"],
    buyer: ["购买方：", "北方面包有限公司", "磨坊街8号", "100010 北京市"],
    vat: "纳税人识别号：91310000607271234X",
    title: "发票",
    number: "发票号码：INV-2026/041",
    date: "开票日期：2026年5月3日",
    due: "到期日：2026年6月2日",
    columns: ["项目名称", "数量", "单价", "税率", "金额"],
    lines: [
      ["台虎钳 125 mm", "2", "100.50", "13%", "201.00"],
      ["车床", "3", "1,200.00", "13%", "3,600.00"],
    ],
    net: ["不含税金额", "CNY 3,801.00"],
    tax: ["税额", "CNY 494.13"],
    gross: ["价税合计", "CNY 4,295.13"],
    payment: "银行账号：6222 0000 1111 2222",
  },
};

const at = (x: number, text: string): Piece => [x, text];
const until = (x: number, text: string): Piece => ["right", x, text];

export function headRows({ seller, buyer, vat, title, number, date, due }: InvoiceWords): Piece[][] {
  return [
    ...seller.map((text) => [at(760, text)]),
    [at(760, vat)],
    [],
    ...buyer.map((text) => [at(120, text)]),
    [],
    [],
    [at(120, title)],
    [],
    [at(120, number)],
    [at(120, date)],
    [at(120, due)],
    [],
  ];
}

export function tableHeadRow({ columns: [description, quantity, price, rate, amount] }: InvoiceWords): Piece[] {
  return [at(120, description), until(620, quantity), until(840, price), until(960, rate), until(1120, amount)];
}

export function lineRow([description, quantity, price, rate, amount]: InvoiceWords["lines"][number]): Piece[] {
  return [at(120, description), until(620, quantity), until(840, price), until(960, rate), until(1120, amount)];
}

export function totalRows({ net, tax, gross, payment }: InvoiceWords): Piece[][] {
  const rows = [net, tax, gross].map(([label, amount]) => [at(700, label), until(1120, amount)]);
  return [[], ...rows, [], [at(120, payment)]];
}

/** The whole invoice on one page. */
export function drawnInvoice(words: InvoiceWords): Page {
  return drawnPage([...headRows(words), tableHeadRow(words), ...words.lines.map(lineRow), ...totalRows(words)]);
}

/** "Invoice no: 17" as a label and its value. */
function halves(text: string): readonly [label: string, value: string] {
  const [, label = "", value = ""] = /^(.*?[:：]|.*\sn\.)\s*(.*)$/u.exec(text) ?? [];
  return [label.replace(/\s?[:：]$/, ""), value];
}

/** The same as a letter: the sender in a line above the window, labels over their values, the sums side by side, registers in the foot. */
export function drawnLetter(words: InvoiceWords): Page {
  const { seller, buyer, vat, title, number, date, due, lines, net, tax, gross, payment } = words;
  const fields = [number, date, due].map(halves);
  const sums = [net, tax, gross];
  const columns = [120, 480, 840];
  return drawnPage([
    [at(120, seller.join(" · "))],
    [],
    ...buyer.slice(1).map((text) => [at(120, text)]),
    [],
    [],
    [at(120, title)],
    [],
    fields.map(([label], index) => at(columns[index] ?? 0, label)),
    fields.map(([, value], index) => at(columns[index] ?? 0, value)),
    [],
    tableHeadRow(words),
    ...lines.map(lineRow),
    [],
    sums.map(([label], index) => at(columns[index] ?? 0, label)),
    sums.map(([, amount], index) => at(columns[index] ?? 0, amount)),
    [],
    [],
    [],
    [at(120, seller[0]), at(460, payment), at(960, vat)],
    ...seller.slice(1).map((text) => [at(120, text)]),
  ]);
}
