import type { Country } from './countries.ts';
import { countriesOf } from './jurisdictions.ts';

/** A mechanism by which personal data may leave its jurisdiction. */
export interface TransferMechanism {
  /** One sentence. */
  readonly summary: string;
  /** What it is the law of: a name of jurisdictions.ts. */
  readonly from: string;
  /** Where data may go; `any` where the mechanism names no countries, and somebody has to judge each of them. */
  readonly to: readonly Country[] | 'any';
}

/**
 * Mechanisms that a scenario can say are in place. They are what the law names, not a judgement that they hold in a case: an adequacy decision may cover some
 * recipients only, and standard contractual clauses ask for an assessment of each transfer.
 */
export const transferMechanisms = {
  /**
   * Decisions in force in November 2026, by commission.europa.eu, "Data protection adequacy for non-EU countries": Andorra, Argentina, Brazil (Implementing
   * Decision (EU) 2026/179), Canada (commercial organisations), Faroe Islands, Guernsey, Israel, Isle of Man, Japan, Jersey, New Zealand, Republic of Korea,
   * Switzerland, United Kingdom, Uruguay.
   */
  adequacy: {
    summary: 'The country has an adequacy decision of the European Commission (GDPR, Article 45).',
    from: 'EU',
    to: ['AD', 'AR', 'BR', 'CA', 'FO', 'GG', 'IL', 'IM', 'JP', 'JE', 'NZ', 'KR', 'CH', 'GB', 'UY'],
  },
  /** Implementing Decision (EU) 2023/1795 of 10 July 2023; upheld by the General Court on 3 September 2025 (T-553/23). */
  'data-privacy-framework': {
    summary: 'The recipient in the United States is certified under the EU-US Data Privacy Framework (GDPR, Article 45).',
    from: 'EU',
    to: ['US'],
  },
  'standard-contractual-clauses': {
    summary:
      'Clauses adopted by the Commission are agreed with the recipient, and the transfer is assessed (GDPR, Article 46(2)(c)).',
    from: 'EU',
    to: 'any',
  },
  'binding-corporate-rules': {
    summary: 'Approved rules bind the group of undertakings that data goes to (GDPR, Article 47).',
    from: 'EU',
    to: 'any',
  },
} as const satisfies Readonly<Record<string, TransferMechanism>>;

export type TransferName = keyof typeof transferMechanisms;

export const transferNames = Object.keys(transferMechanisms) as readonly TransferName[];

/** Where somebody's data has to stay. */
export interface Residency {
  /** A jurisdiction: one of jurisdictions.ts, or a country's code. */
  readonly within: string;
  /** What lets it go further. */
  readonly transfers: readonly TransferName[];
}

/** How data of that residency may be in a country: at home, by a mechanism, or not at all. */
export type Standing = 'home' | TransferName | null;

export const standingIn = ({ within, transfers }: Residency, country: Country): Standing => {
  const home = countriesOf(within) ?? [];
  if (home.includes(country)) return 'home';
  return (
    transfers.find((name) => {
      const { from, to }: TransferMechanism = transferMechanisms[name];
      // A mechanism is of the law that it is from: that of a country's own jurisdiction too, where that country is part of it.
      const isOfItsLaw = from === within || (countriesOf(from) ?? []).includes(within);
      return isOfItsLaw && (to === 'any' || to.includes(country));
    }) ?? null
  );
};
