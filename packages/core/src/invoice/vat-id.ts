/** VAT ids. The package stands behind this file because a bundler that splits gives a CommonJS package no names where it is itself what is loaded later. */
import { checkVAT, countries } from "jsvat";

export interface VatIdJudgement {
  readonly valid: boolean;
  /** Whether it has the form of its country's; its check digit may be wrong all the same. */
  readonly validForm: boolean;
}

/** Judges a VAT id by its country's form and check digit. Undefined for ids of countries whose form is not known, and for numbers without a country. */
export function judgeVatId(id: string): VatIdJudgement | undefined {
  // Greece is EL in VAT ids and GR everywhere else, so people write that.
  const compact = id
    .replaceAll(/[\s.-]/g, "")
    .toUpperCase()
    .replace(/^GR/, "EL");
  if (!/^[A-Z]{2}/.test(compact)) return undefined;
  const { isSupportedCountry, isValid, isValidFormat } = checkVAT(compact, countries);
  return isSupportedCountry ? { valid: isValid, validForm: isValidFormat } : undefined;
}
