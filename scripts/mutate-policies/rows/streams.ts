import type { Mutation } from '../mutation.ts';
import { rowsOf } from './row.ts';

const processor = (part: string) => rowsOf(`stream: ${part}`, 'harness/serving/stream/processor.ts');
const log = (part: string) => rowsOf(`stream: ${part}`, 'harness/serving/stream/memory-log.ts');
const windows = rowsOf('stream: windows', 'harness/serving/stream/windows.ts');
const CRASH = 'stream-processor-crash';

export const streamRows: readonly Mutation[] = [
  log('log')(
    'event-appended-twice',
    'if (known !== undefined) return { offset: known, isNew: false };',
    '',
    'An event that is sent again is another.',
    CRASH,
  ),
  log('fencing')(
    'commits-unfenced',
    'if (commit.isFenced && partition.offset !== commit.from) return false;',
    '',
    'A commit that was overtaken is taken.',
    CRASH,
  ),
  processor('transaction')(
    'commits-first',
    "const isBefore = policy.commit === 'before';",
    'const isBefore = true;',
    'Events are done before they are answered.',
    CRASH,
  ),
  processor('transaction')(
    'results-apart',
    "if (policy.commit !== 'together') await persist",
    'await persist',
    'Results are stored beside the transaction.',
    CRASH,
  ),
  processor('transaction')(
    'results-lost',
    "results: policy.commit === 'together' ? results : []",
    'results: []',
    'Results are not stored.',
    CRASH,
  ),
  processor('transaction')(
    'counts-lost',
    'let state: WindowState = readState(stand.state);',
    'let state: WindowState = readState(null);',
    'Counts of open windows die with their processor.',
    CRASH,
  ),
  processor('retry')(
    'event-left-waiting',
    'Math.min(MAX_RETRY_DELAY_MS, delayMs * 2)',
    'MAX_RETRY_DELAY_MS * 10',
    'An event that could not be answered waits for most of a minute.',
    'stream-throttled',
  ),
  windows(
    'watermark-stands',
    'watermarkMs = Math.max(watermarkMs, eventTimeMs - latenessMs);',
    '',
    'No window is ever complete.',
    CRASH,
  ),
];
