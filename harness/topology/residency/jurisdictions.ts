import type { Country } from './countries.ts';

/** Countries under one law of data protection, by the name that people use for it. A country is a jurisdiction by itself as well. */
export const jurisdictions = {
  /**
   * The European Economic Area: the member states, with Iceland, Liechtenstein and Norway, where the GDPR holds as in the Union (Decision of the EEA Joint
   * Committee No 154/2018). Members as of November 2026.
   */
  EU: [
    ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT', 'LT', 'LU', 'LV', 'MT'],
    ...['NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK', 'IS', 'LI', 'NO'],
  ],
} as const satisfies Readonly<Record<string, readonly Country[]>>;

const COUNTRY = /^[A-Z]{2}$/;

/** The countries of a jurisdiction: of one of the table, or of a country's code; undefined for what is neither. */
export const countriesOf = (jurisdiction: string): readonly Country[] | undefined => {
  if (Object.hasOwn(jurisdictions, jurisdiction)) return jurisdictions[jurisdiction as keyof typeof jurisdictions];
  return COUNTRY.test(jurisdiction) ? [jurisdiction] : undefined;
};
