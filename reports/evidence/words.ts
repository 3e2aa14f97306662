import type { EvidenceDocument, EvidenceStatus } from '../../harness/evidence/document.ts';
import { plain } from '../layout.ts';
import { escapeText } from '../xml.ts';

/** Text of a report's, without control characters, as text of a page. */
export const text = (value: string): string => escapeText(plain(value));

type RunOutcome = EvidenceDocument['frameworks'][number]['controls'][number]['parts'][number]['runs'][number]['outcome'];

/** How a status is told: never by colour alone, and never as if a control were met. */
export const statusWords: Readonly<Record<EvidenceStatus, string>> = {
  passed: '✓ some evidence',
  failed: '✗ tested, with adverse result',
  inconclusive: '? tested, inconclusive',
  'not-tested': '– not tested',
};

export const outcomeWords: Readonly<Record<RunOutcome, string>> = {
  passed: '✓ passed',
  failed: '✗ failed',
  invalid: '? invalid',
  unseen: '? not shown',
};

export const expectationWords: Readonly<Record<'met' | 'broken' | 'unmeasurable', string>> = {
  met: '✓ met',
  broken: '✗ broken',
  unmeasurable: '? not measured',
};

/** A word in the colour of its class. */
export const marked = (name: string, words: string): string => `<span class="status ${name}">${words}</span>`;

/** One name on every page for a fragment: letters, digits and dashes. */
export const anchor = (...parts: readonly string[]): string =>
  parts
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
