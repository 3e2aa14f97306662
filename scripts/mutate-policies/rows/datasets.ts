import type { Mutation } from '../mutation.ts';
import { rowsOf } from './row.ts';

const log = rowsOf('audit: log', 'harness/serving/audit/audit-log.ts');
const service = (part: string) => rowsOf(part, 'harness/serving/data/service.ts');
const detector = rowsOf('audit: detector', 'harness/serving/audit/detector.ts');
const ledger = rowsOf('privacy: budget', 'harness/serving/privacy/ledger.ts');
const mechanism = rowsOf('privacy: noise', 'harness/serving/privacy/mechanism.ts');

const THEFT = 'data-exfiltration';
const BUDGET = 'privacy-budget';

export const datasetRows: readonly Mutation[] = [
  log(
    'entries-buffered',
    'if (bufferMs === null) return entries.append(lines);',
    'if (lines.length < 0) return entries.append(lines);',
    'Entries are kept in memory, and nobody writes them.',
    THEFT,
  ),
  service('audit: log')(
    'rows-misstated',
    'const rows = isRefused ? 0 : outcome.rows;',
    'const rows = 0;',
    'The log says of every read that it gave no rows.',
    THEFT,
  ),
  detector(
    'volume-unseen',
    'if (deviations > threshold) {',
    'if (deviations > threshold * 100) {',
    'However much somebody reads, it is nothing unusual.',
    THEFT,
  ),
  ledger('budget-unbounded', 'if (!isWithin(account.spent)) return null;', '', 'A spent budget refuses nobody.', BUDGET),
  ledger(
    'ledger-forgotten',
    'for (const line of await journal.read()) {',
    'for (const line of [] as string[]) {',
    'What was spent dies with the process.',
    BUDGET,
  ),
  mechanism(
    'no-noise',
    'value + discreteLaplace({ over: sensitivity * under, under: over }, random)',
    'value + 0n * discreteLaplace({ over: sensitivity * under, under: over }, random)',
    'Answers say that they have noise, and have none.',
    BUDGET,
  ),
];
