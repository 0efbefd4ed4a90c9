import { sum } from "./amount.ts";
import { typeOfCode } from "./document-type.ts";
import type { Invoice, InvoiceLine, Party, Payment, Tax, Totals } from "./schema.ts";
import type { Found, Sourced } from "./sourced.ts";
import { findElement, findElements, type XmlElement } from "./xml-tree.ts";
import { joinAddress, joinWords, unlessOne, type XmlValues } from "./xml-values.ts";

/**
 * UBL 2.1 Invoice and CreditNote, as Peppol BIS Billing 3 and XRechnung use them.
 * Source: EN 16931-3-2 (binding to UBL).
 */
export function readUbl(root: XmlElement, values: XmlValues): Sourced<Invoice> {
  const totals = findElement(root, "LegalMonetaryTotal|RequestedMonetaryTotal");
  const currency =
    values.currency(findElement(root, "DocumentCurrencyCode")) ?? values.attribute(findElement(totals, "PayableAmount"), "currencyID");
  const taxTotals = findElements(root, "TaxTotal");
  return {
    number: values.text(findElement(root, "ID")),
    ...readType(root, values),
    issue_date: values.date(findElement(root, "IssueDate")),
    // A credit note has its due date with the means of payment.
    due_date: values.date(findElement(root, "DueDate") ?? findElement(root, "PaymentMeans/PaymentDueDate")),
    currency,
    seller: readParty(findElement(root, "AccountingSupplierParty/Party"), values),
    buyer: readParty(findElement(root, "AccountingCustomerParty/Party"), values),
    lines: findElements(root, "InvoiceLine|CreditNoteLine").map((line) => readLine(line, values)),
    taxes: taxTotals.flatMap((total) => findElements(total, "TaxSubtotal")).map((tax) => readTax(tax, currency?.value, values)),
    totals: readTotals(totals, taxTotals, currency?.value, values),
    payment: readPayment(root, values),
    order_number: values.text(findElement(root, "OrderReference/ID")),
    buyer_reference: values.text(findElement(root, "BuyerReference")),
    preceding_invoice: values.text(findElement(root, "BillingReference/InvoiceDocumentReference/ID")),
  };
}

/** A root element that says credit note is one, whatever its code; the code may be left out. */
function readType(root: XmlElement, values: XmlValues): Pick<Sourced<Invoice>, "type" | "type_code"> {
  const code = values.text(findElement(root, "InvoiceTypeCode|CreditNoteTypeCode"));
  const named = typeOfCode(code?.value ?? "");
  const type = root.name === "CreditNote" && (named === undefined || named === "invoice") ? "credit_note" : named;
  const quote = code?.evidence.quote ?? root.name;
  return { type: type === undefined ? undefined : { value: type, evidence: { quote, grounded: true, source: "xml" } }, type_code: code };
}

function readParty(party: XmlElement | undefined, values: XmlValues): Sourced<Party> {
  const postal = findElement(party, "PostalAddress");
  const part = (path: string): Found | undefined => values.text(findElement(postal, path));
  const registrations = findElements(party, "PartyTaxScheme").filter((scheme) => (findElement(scheme, "CompanyID")?.text ?? "") !== "");
  return {
    // BT-27 is the registered name; PartyName is what the company trades as (BT-28).
    name: values.text(findElement(party, "PartyLegalEntity/RegistrationName")) ?? values.text(findElement(party, "PartyName/Name")),
    address: joinAddress([
      joinWords(part("StreetName"), part("BuildingNumber")),
      part("AdditionalStreetName"),
      part("AddressLine/Line"),
      joinWords(part("PostalZone"), part("CityName")),
      part("CountrySubentity"),
      part("Country/IdentificationCode"),
    ]),
    vat_id: values.identifier(findElement(registrations.find(isVat), "CompanyID")),
    tax_id: values.text(
      findElement(
        registrations.find((scheme) => !isVat(scheme)),
        "CompanyID",
      ),
    ),
    email:
      values.text(findElement(party, "Contact/ElectronicMail")) ??
      values.text(findElements(party, "EndpointID").find((id) => id.attributes.get("schemeID") === "EM")),
  };
}

function isVat(scheme: XmlElement): boolean {
  return findElement(scheme, "TaxScheme/ID")?.text.toUpperCase() === "VAT";
}

function readLine(line: XmlElement, values: XmlValues): Sourced<InvoiceLine> {
  const quantity = findElement(line, "InvoicedQuantity|CreditedQuantity");
  const adjustments = findElements(line, "AllowanceCharge");
  const ofKind = (charge: boolean): XmlElement[] =>
    adjustments
      .filter((each) => /^(?:true|1)$/.test(findElement(each, "ChargeIndicator")?.text ?? "") === charge)
      .flatMap((each) => findElements(each, "Amount"));
  return {
    description: values.text(findElement(line, "Item/Name")),
    details: values.text(findElement(line, "Item/Description")),
    quantity: values.amount(quantity),
    unit: values.attribute(quantity, "unitCode"),
    unit_price: values.amount(findElement(line, "Price/PriceAmount")),
    price_quantity: unlessOne(values.amount(findElement(line, "Price/BaseQuantity"))),
    allowances: values.sumOf(ofKind(false), sum),
    charges: values.sumOf(ofKind(true), sum),
    net_amount: values.amount(findElement(line, "LineExtensionAmount")),
    tax_rate: values.amount(
      findElement(line, "Item/ClassifiedTaxCategory/Percent") ?? findElement(line, "TaxTotal/TaxSubtotal/TaxCategory/Percent"),
    ),
  };
}

function readTax(tax: XmlElement, currency: string | undefined, values: XmlValues): Sourced<Tax> {
  return {
    category: values.text(findElement(tax, "TaxCategory/ID")),
    rate: values.amount(findElement(tax, "TaxCategory/Percent") ?? findElement(tax, "Percent")),
    base: values.amountIn(currency, findElements(tax, "TaxableAmount")),
    tax: values.amountIn(currency, findElements(tax, "TaxAmount")),
  };
}

function readTotals(
  totals: XmlElement | undefined,
  taxTotals: readonly XmlElement[],
  currency: string | undefined,
  values: XmlValues,
): Sourced<Totals> {
  const total = (name: string): Found | undefined => values.amountIn(currency, findElements(totals, name));
  return {
    lines: total("LineExtensionAmount"),
    allowances: total("AllowanceTotalAmount"),
    charges: total("ChargeTotalAmount"),
    net: total("TaxExclusiveAmount"),
    tax: values.amountIn(
      currency,
      taxTotals.flatMap((each) => findElements(each, "TaxAmount")),
    ),
    gross: total("TaxInclusiveAmount"),
    prepaid: total("PrepaidAmount"),
    rounding: total("PayableRoundingAmount"),
    due: total("PayableAmount"),
  };
}

/** The payee's account, never the one that is debited (PaymentMandate/PayerFinancialAccount). */
function readPayment(root: XmlElement, values: XmlValues): Sourced<Payment> {
  const means = findElements(root, "PaymentMeans");
  const paid = means.find((each) => findElement(each, "PayeeFinancialAccount/ID") !== undefined);
  return {
    iban: values.iban(findElement(paid, "PayeeFinancialAccount/ID")),
    bic: values.identifier(findElement(paid, "PayeeFinancialAccount/FinancialInstitutionBranch/ID")),
    reference: values.text(means.map((each) => findElement(each, "PaymentID")).find((id) => id !== undefined && id.text !== "")),
  };
}
