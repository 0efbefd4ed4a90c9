import * as fc from "fast-check";
import { multiply, round, subtract, sum } from "./amount.ts";
import type { Invoice, InvoiceLine, Party } from "./schema.ts";

/** Made-up invoices that add up, and the XML that says them, written from the standards' element names: nothing of the code under test writes it. */

const cents = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map((value) => (value / 100).toFixed(2));
const words = fc
  .array(fc.constantFrom("Müller", "& Söhne", "<Bolt>", "Ärmel", 'Größe "L"', "日本", "O'Hara", "=SUM(A1)", "12 x 3"), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(" "));
const day = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const party: fc.Arbitrary<Party> = fc.record(
  {
    name: words,
    address: fc.constant("Hauptstr. 1, 80333 München, DE"),
    vat_id: fc.constantFrom("DE136695976", "EL123456789", "NL123456789B01"),
    tax_id: fc.constant("201/113/40209"),
    email: fc.constant("mail@example.org"),
  },
  { requiredKeys: ["name"] },
);

interface MadeLine {
  readonly line: InvoiceLine;
  readonly net: string;
  readonly rate: string;
}

const line: fc.Arbitrary<MadeLine> = fc
  .record({
    description: words,
    details: fc.option(words, { nil: undefined }),
    quantity: fc.integer({ min: 1, max: 400 }).map(String),
    unit: fc.constantFrom("C62", "HUR", "KGM"),
    unit_price: cents(-5_000, 500_000),
    allowances: fc.option(cents(1, 500), { nil: undefined }),
    charges: fc.option(cents(1, 500), { nil: undefined }),
    rate: fc.constantFrom("0", "7", "19.00", "5.5"),
  })
  .map(({ rate, details, allowances, charges, ...given }) => {
    const net = sum([subtract(round(multiply(given.quantity, given.unit_price), 2), allowances ?? "0"), charges ?? "0"]);
    const options = {
      ...(details === undefined ? {} : { details }),
      ...(allowances === undefined ? {} : { allowances }),
      ...(charges === undefined ? {} : { charges }),
    };
    return { net, rate, line: { ...given, ...options, net_amount: net, tax_rate: rate } };
  });

/** Invoices of which every sum is right. An allowance or charge on the whole has the first line's tax rate. */
export const consistentInvoice: fc.Arbitrary<Invoice> = fc
  .record({
    number: fc.stringMatching(/^[A-Z]{2}-[0-9]{3,6}$/),
    code: fc.constantFrom("380", "381", "384"),
    issue_date: day,
    due_date: fc.option(day, { nil: undefined }),
    currency: fc.constantFrom("EUR", "CHF", "USD"),
    seller: party,
    buyer: party,
    made: fc.array(line, { minLength: 1, maxLength: 6 }),
    allowances: fc.option(cents(1, 9_999), { nil: undefined }),
    charges: fc.option(cents(1, 9_999), { nil: undefined }),
    prepaid: fc.option(cents(1, 9_999), { nil: undefined }),
    rounding: fc.option(cents(-4, 4), { nil: undefined }),
    reference: fc.option(fc.constant("RF18 5390"), { nil: undefined }),
  })
  .map(({ code, made, allowances, charges, prepaid, rounding, reference, due_date, issue_date, ...given }) => {
    const rates = [...new Set(made.map(({ rate }) => rate))];
    const taxes = rates.map((rate, index) => {
      const nets = made.filter((each) => each.rate === rate).map(({ net }) => net);
      const base = sum([...nets, ...(index === 0 ? [subtract(charges ?? "0", allowances ?? "0")] : [])]);
      return { category: rate === "0" ? "Z" : "S", rate, base, tax: round(multiply(base, multiply(rate, "0.01")), 2) };
    });
    const lines = sum(made.map(({ net }) => net));
    const net = sum([subtract(lines, allowances ?? "0"), charges ?? "0"]);
    const tax = sum(taxes.map((each) => each.tax));
    const gross = sum([net, tax]);
    const due = sum([subtract(gross, prepaid ?? "0"), rounding ?? "0"]);
    const [first, last] = [issue_date, due_date ?? issue_date].sort();
    return withoutUndefined({
      ...given,
      type: code === "381" ? "credit_note" : code === "384" ? "corrected" : "invoice",
      type_code: code,
      issue_date: first,
      due_date: due_date === undefined ? undefined : last,
      lines: made.map((each) => each.line),
      taxes,
      totals: withoutUndefined({ lines, allowances, charges, net, tax, gross, prepaid, rounding, due }),
      payment: withoutUndefined({ iban: "DE02120300000000202051", bic: "BYLADEM1001", reference }),
      order_number: "PO-77",
      buyer_reference: "04011000-12345-34",
      preceding_invoice: "RE-1",
    });
  });

function withoutUndefined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const xml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** An element, or nothing where it has no content. */
function tag(name: string, content: string | undefined, attributes = ""): string {
  return content === undefined || content === "" ? "" : `<${name}${attributes}>${content}</${name}>`;
}

const text = (name: string, value: string | undefined, attributes = ""): string =>
  tag(name, value === undefined ? undefined : xml(value), attributes);

/** The address of the samples, in its parts. */
const [STREET, POSTCODE, CITY, COUNTRY] = ["Hauptstr. 1", "80333", "München", "DE"];

/** As Cross Industry Invoice, with whatever prefix for the aggregates. */
export function toCii(invoice: Invoice, prefix = "ram"): string {
  const n = (name: string): string => (prefix === "" ? name : `${prefix}:${name}`);
  const t = (name: string, value: string | undefined, attributes = ""): string => text(n(name), value, attributes);
  const g = (name: string, ...content: string[]): string => tag(n(name), content.join(""));
  const date = (name: string, iso: string | undefined): string =>
    iso === undefined ? "" : g(name, `<udt:DateTimeString format="102">${iso.replaceAll("-", "")}</udt:DateTimeString>`);
  const partyXml = (name: string, each: Party | undefined): string =>
    g(
      name,
      t("Name", each?.name),
      each?.email === undefined ? "" : g("DefinedTradeContact", g("EmailURIUniversalCommunication", t("URIID", each.email))),
      each?.address === undefined
        ? ""
        : g("PostalTradeAddress", t("PostcodeCode", POSTCODE), t("LineOne", STREET), t("CityName", CITY), t("CountryID", COUNTRY)),
      each?.tax_id === undefined ? "" : g("SpecifiedTaxRegistration", t("ID", each.tax_id, ' schemeID="FC"')),
      each?.vat_id === undefined ? "" : g("SpecifiedTaxRegistration", t("ID", each.vat_id, ' schemeID="VA"')),
    );
  const adjustment = (isCharge: boolean, amount: string | undefined): string =>
    amount === undefined
      ? ""
      : g("SpecifiedTradeAllowanceCharge", g("ChargeIndicator", `<udt:Indicator>${isCharge}</udt:Indicator>`), t("ActualAmount", amount));
  const lines = (invoice.lines ?? []).map((each, index) =>
    g(
      "IncludedSupplyChainTradeLineItem",
      g("AssociatedDocumentLineDocument", t("LineID", String(index + 1))),
      g("SpecifiedTradeProduct", t("Name", each.description), t("Description", each.details)),
      g(
        "SpecifiedLineTradeAgreement",
        g("NetPriceProductTradePrice", t("ChargeAmount", each.unit_price), t("BasisQuantity", each.price_quantity)),
      ),
      g("SpecifiedLineTradeDelivery", t("BilledQuantity", each.quantity, ` unitCode="${each.unit ?? ""}"`)),
      g(
        "SpecifiedLineTradeSettlement",
        g("ApplicableTradeTax", t("TypeCode", "VAT"), t("RateApplicablePercent", each.tax_rate)),
        adjustment(false, each.allowances),
        adjustment(true, each.charges),
        g("SpecifiedTradeSettlementLineMonetarySummation", t("LineTotalAmount", each.net_amount)),
      ),
    ),
  );
  const { totals = {}, payment = {}, currency = "" } = invoice;
  const settlement = g(
    "ApplicableHeaderTradeSettlement",
    t("PaymentReference", payment.reference),
    t("InvoiceCurrencyCode", currency),
    g("InvoiceeTradeParty", t("Name", "Someone Else")),
    g(
      "SpecifiedTradeSettlementPaymentMeans",
      t("TypeCode", "58"),
      g("PayerPartyDebtorFinancialAccount", t("IBANID", "GB33BUKB20201555555555")),
      g("PayeePartyCreditorFinancialAccount", t("IBANID", payment.iban)),
      g("PayeeSpecifiedCreditorFinancialInstitution", t("BICID", payment.bic)),
    ),
    ...(invoice.taxes ?? []).map((tax) =>
      g(
        "ApplicableTradeTax",
        t("CalculatedAmount", tax.tax),
        t("TypeCode", "VAT"),
        t("BasisAmount", tax.base),
        t("CategoryCode", tax.category),
        t("RateApplicablePercent", tax.rate),
      ),
    ),
    adjustment(false, totals.allowances),
    adjustment(true, totals.charges),
    g("SpecifiedTradePaymentTerms", t("Description", "30 days"), date("DueDateDateTime", invoice.due_date)),
    g(
      "SpecifiedTradeSettlementHeaderMonetarySummation",
      t("LineTotalAmount", totals.lines),
      t("ChargeTotalAmount", totals.charges),
      t("AllowanceTotalAmount", totals.allowances),
      t("TaxBasisTotalAmount", totals.net),
      t("TaxTotalAmount", "1.23", ' currencyID="JPY"'),
      t("TaxTotalAmount", totals.tax, ` currencyID="${currency}"`),
      t("RoundingAmount", totals.rounding),
      t("GrandTotalAmount", totals.gross),
      t("TotalPrepaidAmount", totals.prepaid),
      t("DuePayableAmount", totals.due),
    ),
    g("InvoiceReferencedDocument", t("IssuerAssignedID", invoice.preceding_invoice)),
  );
  const ram = prefix === "" ? "xmlns" : `xmlns:${prefix}`;
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<!-- made up -->\n<x:CrossIndustryInvoice xmlns:x="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" ` +
    `${ram}="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">` +
    `<x:ExchangedDocumentContext>${g("GuidelineSpecifiedDocumentContextParameter", t("ID", "urn:cen.eu:en16931:2017"))}</x:ExchangedDocumentContext>` +
    `<x:ExchangedDocument>${t("ID", invoice.number)}${t("TypeCode", invoice.type_code)}${date("IssueDateTime", invoice.issue_date)}</x:ExchangedDocument>` +
    `<x:SupplyChainTradeTransaction>${lines.join("\n")}${g(
      "ApplicableHeaderTradeAgreement",
      t("BuyerReference", invoice.buyer_reference),
      partyXml("SellerTradeParty", invoice.seller),
      partyXml("BuyerTradeParty", invoice.buyer),
      partyXml("SellerTaxRepresentativeTradeParty", { name: "Tax Representative", vat_id: "ATU12345678" }),
      g("BuyerOrderReferencedDocument", t("IssuerAssignedID", invoice.order_number)),
    )}${g("ApplicableHeaderTradeDelivery", partyXml("ShipToTradeParty", { name: "Warehouse" }), g("ActualDeliverySupplyChainEvent", date("OccurrenceDateTime", "1999-01-01")))}` +
    `${settlement}</x:SupplyChainTradeTransaction></x:CrossIndustryInvoice>`
  );
}

/** As UBL Invoice, or CreditNote for a 381. */
export function toUbl(invoice: Invoice): string {
  const isCredit = invoice.type_code === "381";
  const [root, lineName, quantityName] = isCredit
    ? ["CreditNote", "CreditNoteLine", "CreditedQuantity"]
    : ["Invoice", "InvoiceLine", "InvoicedQuantity"];
  const { totals = {}, payment = {}, currency = "" } = invoice;
  const b = (name: string, value: string | undefined, attributes = ""): string => text(`cbc:${name}`, value, attributes);
  const a = (name: string, ...content: string[]): string => tag(`cac:${name}`, content.join(""));
  const money = (name: string, value: string | undefined): string => b(name, value, ` currencyID="${currency}"`);
  const partyXml = (name: string, each: Party | undefined): string =>
    a(
      name,
      a(
        "Party",
        a("PartyName", b("Name", "Trading Name")),
        each?.address === undefined
          ? ""
          : a(
              "PostalAddress",
              b("StreetName", STREET),
              b("CityName", CITY),
              b("PostalZone", POSTCODE),
              a("Country", b("IdentificationCode", COUNTRY)),
            ),
        each?.tax_id === undefined ? "" : a("PartyTaxScheme", b("CompanyID", each.tax_id), a("TaxScheme", b("ID", "FC"))),
        each?.vat_id === undefined ? "" : a("PartyTaxScheme", b("CompanyID", each.vat_id), a("TaxScheme", b("ID", "VAT"))),
        a("PartyLegalEntity", b("RegistrationName", each?.name)),
        each?.email === undefined ? "" : a("Contact", b("ElectronicMail", each.email)),
      ),
    );
  const adjustment = (isCharge: boolean, amount: string | undefined): string =>
    amount === undefined ? "" : a("AllowanceCharge", b("ChargeIndicator", String(isCharge)), money("Amount", amount));
  const space = `urn:oasis:names:specification:ubl:schema:xsd:`;
  return (
    `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="${space}${root}-2" xmlns:cac="${space}CommonAggregateComponents-2" xmlns:cbc="${space}CommonBasicComponents-2">` +
    b("CustomizationID", "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0") +
    b("ID", invoice.number) +
    b("IssueDate", invoice.issue_date) +
    (isCredit ? "" : b("DueDate", invoice.due_date)) +
    b(`${root}TypeCode`, invoice.type_code) +
    b("DocumentCurrencyCode", currency) +
    b("BuyerReference", invoice.buyer_reference) +
    a("OrderReference", b("ID", invoice.order_number)) +
    a("BillingReference", a("InvoiceDocumentReference", b("ID", invoice.preceding_invoice))) +
    partyXml("AccountingSupplierParty", invoice.seller) +
    partyXml("AccountingCustomerParty", invoice.buyer) +
    a("TaxRepresentativeParty", a("PartyName", b("Name", "Tax Representative"))) +
    a(
      "PaymentMeans",
      b("PaymentMeansCode", "58"),
      isCredit ? b("PaymentDueDate", invoice.due_date) : "",
      b("PaymentID", payment.reference),
      a("PayeeFinancialAccount", b("ID", payment.iban), a("FinancialInstitutionBranch", b("ID", payment.bic))),
    ) +
    adjustment(false, totals.allowances) +
    adjustment(true, totals.charges) +
    a("TaxTotal", b("TaxAmount", "1.23", ' currencyID="JPY"')) +
    a(
      "TaxTotal",
      money("TaxAmount", totals.tax),
      ...(invoice.taxes ?? []).map((tax) =>
        a(
          "TaxSubtotal",
          money("TaxableAmount", tax.base),
          money("TaxAmount", tax.tax),
          a("TaxCategory", b("ID", tax.category), b("Percent", tax.rate)),
        ),
      ),
    ) +
    a(
      "LegalMonetaryTotal",
      money("LineExtensionAmount", totals.lines),
      money("TaxExclusiveAmount", totals.net),
      money("TaxInclusiveAmount", totals.gross),
      money("AllowanceTotalAmount", totals.allowances),
      money("ChargeTotalAmount", totals.charges),
      money("PrepaidAmount", totals.prepaid),
      money("PayableRoundingAmount", totals.rounding),
      money("PayableAmount", totals.due),
    ) +
    (invoice.lines ?? [])
      .map((each, index) =>
        a(
          lineName,
          b("ID", String(index + 1)),
          b(quantityName, each.quantity, ` unitCode="${each.unit ?? ""}"`),
          money("LineExtensionAmount", each.net_amount),
          adjustment(false, each.allowances),
          adjustment(true, each.charges),
          a(
            "Item",
            b("Description", each.details),
            b("Name", each.description),
            a("ClassifiedTaxCategory", b("ID", "S"), b("Percent", each.tax_rate)),
          ),
          a("Price", money("PriceAmount", each.unit_price), b("BaseQuantity", each.price_quantity)),
        ),
      )
      .join("\n") +
    `</${root}>`
  );
}
