import { sum } from "./amount.ts";
import { compareDates } from "./date.ts";
import { typeOfCode } from "./document-type.ts";
import type { Invoice, InvoiceLine, Party, Payment, Tax, Totals } from "./schema.ts";
import type { Found, Sourced } from "./sourced.ts";
import { findElement, findElements, type XmlElement } from "./xml-tree.ts";
import { joinAddress, joinWords, unlessOne, type XmlValues } from "./xml-values.ts";

/**
 * UN/CEFACT Cross Industry Invoice as Factur-X, ZUGFeRD 2 and XRechnung use it (D16B), and as ZUGFeRD 1 did (its elements have other names, their
 * places are the same; both stand in a path, parted by "|").
 * Source: EN 16931-3-3 (binding to CII), ZUGFeRD 1.0 and 2.3 technical appendices.
 */
export function readCii(root: XmlElement, values: XmlValues): Sourced<Invoice> {
  const document = findElement(root, "ExchangedDocument|HeaderExchangedDocument");
  const transaction = findElement(root, "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction");
  const agreement = findElement(transaction, "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement");
  const settlement = findElement(transaction, "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement");
  const summation = findElement(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation");
  const currency =
    values.currency(findElement(settlement, "InvoiceCurrencyCode")) ??
    values.attribute(findElement(summation, "GrandTotalAmount"), "currencyID");
  const code = values.text(findElement(document, "TypeCode"));
  const type = typeOfCode(code?.value ?? "");
  return {
    number: values.text(findElement(document, "ID")),
    type: code === undefined || type === undefined ? undefined : { value: type, evidence: code.evidence },
    type_code: code,
    issue_date: values.date(findElement(document, "IssueDateTime")),
    due_date: readDueDate(settlement, values),
    currency,
    seller: readParty(findElement(agreement, "SellerTradeParty"), values),
    buyer: readParty(findElement(agreement, "BuyerTradeParty"), values),
    lines: findElements(transaction, "IncludedSupplyChainTradeLineItem").map((line) => readLine(line, values)),
    taxes: findElements(settlement, "ApplicableTradeTax").map((tax) => readTax(tax, currency?.value, values)),
    totals: readTotals(summation, currency?.value, values),
    payment: readPayment(settlement, values),
    order_number: values.text(findElement(agreement, "BuyerOrderReferencedDocument/IssuerAssignedID|ID")),
    buyer_reference: values.text(findElement(agreement, "BuyerReference")),
    preceding_invoice: values.text(findElement(settlement, "InvoiceReferencedDocument/IssuerAssignedID|ID")),
  };
}

/** Instalments have a date each: the invoice is due when the last of them is. */
function readDueDate(settlement: XmlElement | undefined, values: XmlValues): Found | undefined {
  const dates = findElements(settlement, "SpecifiedTradePaymentTerms/DueDateDateTime").flatMap((date) => values.date(date) ?? []);
  const sorted = dates.toSorted((a, b) => compareDates(a.value, b.value));
  const last = sorted.at(-1);
  const distinct = [...new Set(sorted.map(({ value }) => value))];
  if (distinct.length > 1) values.warn(`The XML has several due dates (${distinct.join(", ")}): the last one was taken.`);
  return last;
}

function readParty(party: XmlElement | undefined, values: XmlValues): Sourced<Party> {
  const postal = findElement(party, "PostalTradeAddress");
  const part = (path: string): Found | undefined => values.text(findElement(postal, path));
  const registrations = findElements(party, "SpecifiedTaxRegistration/ID").filter(({ text }) => text !== "");
  return {
    name: values.text(findElement(party, "Name")),
    address: joinAddress([
      part("LineOne"),
      joinWords(part("StreetName"), part("BuildingNumber")),
      part("LineTwo"),
      part("LineThree"),
      joinWords(part("PostcodeCode"), part("CityName")),
      part("CountrySubDivisionName"),
      part("CountryID"),
    ]),
    vat_id: values.identifier(registrations.find(isVatId)),
    tax_id: values.text(registrations.find((id) => !isVatId(id))),
    email:
      values.text(findElement(party, "DefinedTradeContact/EmailURIUniversalCommunication/URIID|CompleteNumber")) ??
      values.text(findElements(party, "URIUniversalCommunication/URIID").find((id) => id.attributes.get("schemeID") === "EM")),
  };
}

/** VA is a VAT id, FC a tax number; where neither is said, a country's letters tell. */
function isVatId(id: XmlElement): boolean {
  const scheme = id.attributes.get("schemeID")?.toUpperCase();
  return scheme === undefined || scheme === "" ? /^[A-Z]{2}/.test(id.text) : scheme === "VA" || scheme === "VAT";
}

function readLine(line: XmlElement, values: XmlValues): Sourced<InvoiceLine> {
  const product = findElement(line, "SpecifiedTradeProduct");
  const price = findElement(line, "SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement/NetPriceProductTradePrice");
  const quantity = findElement(line, "SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery/BilledQuantity");
  const settlement = findElement(line, "SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement");
  const adjustments = findElements(settlement, "SpecifiedTradeAllowanceCharge");
  const ofKind = (indicator: string): XmlElement[] =>
    adjustments.filter((each) => chargeIndicator(each) === indicator).flatMap((each) => findElements(each, "ActualAmount"));
  const status = findElement(line, "AssociatedDocumentLineDocument/LineStatusReasonCode");
  const statusWord = ({ GROUP: "group", INFORMATION: "information" } as const)[status?.text.toUpperCase() ?? ""];
  return {
    description: values.text(findElement(product, "Name")),
    details: values.text(findElement(product, "Description")),
    quantity: values.amount(quantity),
    unit: values.attribute(quantity, "unitCode"),
    unit_price: values.amount(findElement(price, "ChargeAmount")),
    price_quantity: unlessOne(values.amount(findElement(price, "BasisQuantity"))),
    allowances: values.sumOf(ofKind("false"), sum),
    charges: values.sumOf(ofKind("true"), sum),
    net_amount: values.amount(
      findElement(settlement, "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation/LineTotalAmount"),
    ),
    tax_rate: values.amount(findElement(settlement, "ApplicableTradeTax/RateApplicablePercent|ApplicablePercent")),
    line_status:
      status === undefined || statusWord === undefined
        ? undefined
        : { value: statusWord, evidence: { quote: status.text, grounded: true, source: "xml" } },
  };
}

/** "true" for a charge, "false" for an allowance. */
function chargeIndicator(adjustment: XmlElement): string {
  const indicator = findElement(adjustment, "ChargeIndicator");
  const text = (findElement(indicator, "Indicator") ?? indicator)?.text;
  return text === "1" ? "true" : text === "0" ? "false" : (text ?? "");
}

function readTax(tax: XmlElement, currency: string | undefined, values: XmlValues): Sourced<Tax> {
  return {
    category: values.text(findElement(tax, "CategoryCode")),
    rate: values.amount(findElement(tax, "RateApplicablePercent|ApplicablePercent")),
    base: values.amountIn(currency, findElements(tax, "BasisAmount")),
    tax: values.amountIn(currency, findElements(tax, "CalculatedAmount")),
  };
}

function readTotals(summation: XmlElement | undefined, currency: string | undefined, values: XmlValues): Sourced<Totals> {
  const total = (name: string): Found | undefined => values.amountIn(currency, findElements(summation, name));
  return {
    lines: total("LineTotalAmount"),
    allowances: total("AllowanceTotalAmount"),
    charges: total("ChargeTotalAmount"),
    net: total("TaxBasisTotalAmount"),
    tax: total("TaxTotalAmount"),
    gross: total("GrandTotalAmount"),
    prepaid: total("TotalPrepaidAmount"),
    rounding: total("RoundingAmount"),
    due: total("DuePayableAmount"),
  };
}

/** The payee's account, never the one that is debited (PayerPartyDebtorFinancialAccount). */
function readPayment(settlement: XmlElement | undefined, values: XmlValues): Sourced<Payment> {
  const means = findElements(settlement, "SpecifiedTradeSettlementPaymentMeans");
  const paid = means.find((each) => (findElement(each, "PayeePartyCreditorFinancialAccount/IBANID")?.text ?? "") !== "");
  return {
    iban: values.iban(findElement(paid, "PayeePartyCreditorFinancialAccount/IBANID")),
    bic: values.identifier(findElement(paid, "PayeeSpecifiedCreditorFinancialInstitution/BICID")),
    reference: values.text(findElement(settlement, "PaymentReference")),
  };
}
