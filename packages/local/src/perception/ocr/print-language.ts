/** Languages whose letters the English recogniser cannot write and Tesseract can, by Tesseract's codes. */
export type PrintLanguage = "deu" | "fra" | "spa" | "ita" | "por" | "nld";

const BY_TAG: Readonly<Record<string, PrintLanguage>> = { de: "deu", fr: "fra", es: "spa", it: "ita", pt: "por", nl: "nld" };

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/**
 * The commonest words of each language and of its business letters, as the English recogniser writes them: without accents.
 * Words of one or two letters are left out where other languages have them on receipts.
 */
const COMMON: Readonly<Record<PrintLanguage | "eng", ReadonlySet<string>>> = {
  deu: words(
    "der die das und ist nicht mit fur von zu den dem des ein eine einen wir sie ihr ihre ihren ihnen auf bei oder zum zur im am aus nach auch sich wird werden rechnung rechnungsnummer datum betrag summe netto brutto mwst ust gmbh telefon menge preis einzelpreis gesamt gesamtpreis gesamtbetrag kunde kundennummer lieferung zahlung bitte vielen dank herr herren frau damen steuer steuernummer bar uhr filiale artikel grussen sehr geehrte strasse euro",
  ),
  fra: words(
    "le la les des du et un une pour vous nous est dans sur avec votre notre au aux que qui par sont ce cette pas plus facture montant tva ttc ht client rue avenue merci prix quantite numero unitaire siret paiement euros reglement madame monsieur telephone date echeance designation adresse bonjour jour",
  ),
  spa: words(
    "el los las del una por para con su que es al lo se como mas este esta factura fecha importe iva nif cif calle cliente gracias precio cantidad base imponible pago numero unitario descripcion telefono euros senor senores vencimiento direccion tarjeta efectivo",
  ),
  ita: words(
    "il lo gli della delle dei del dell che per con una non sono alla questo fattura importo iva partita totale cliente prezzo grazie scontrino codice fiscale quantita pagamento numero descrizione indirizzo telefono euro spettabile",
  ),
  por: words(
    "os da das dos uma para com nao por que ao pela fatura factura nif iva valor obrigado cliente quantidade preco pagamento numero descricao telefone morada euros contribuinte rua",
  ),
  nld: words(
    "de het een van voor met niet zijn op dat aan wij uw bij ook naar factuur factuurnummer bedrag btw totaal datum klant klantnummer aantal prijs bedankt straat omschrijving betaling telefoon euro",
  ),
  eng: words(
    "the and of to for with you your this that is are not be by from on in at as or we our it thank please total tax invoice cash change goods sold item items price amount receipt bill date time qty quantity description no number tel fax customer cashier subtotal rounding summary payment card balance due address email company",
  ),
};

/** Fewer common words than this say nothing about a page. */
const MIN_WORDS = 3;

/**
 * The language whose letters must be read a second time, or undefined for English and for anything else.
 * `language` is the caller's BCP 47 tag, which is believed; else the words decide.
 */
export function printLanguageOf(texts: readonly string[], language?: string): PrintLanguage | undefined {
  if (language !== undefined) return BY_TAG[language.toLowerCase().split(/[-_]/)[0]!];
  const found = texts.flatMap((text) => text.toLowerCase().match(/[a-z]+/g) ?? []);
  const count = (of: ReadonlySet<string>): number => found.filter((word) => of.has(word)).length;
  let best: PrintLanguage | undefined;
  let most = Math.max(MIN_WORDS - 1, count(COMMON.eng));
  for (const each of Object.values(BY_TAG)) {
    const hits = count(COMMON[each]);
    if (hits > most) [best, most] = [each, hits];
  }
  return best;
}
