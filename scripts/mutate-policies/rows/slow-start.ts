import type { Mutation } from '../mutation.ts';
import { rowsOf } from './row.ts';

const slowStart = rowsOf('slow start', 'harness/serving/slow-start.ts');

export const slowStartRows: readonly Mutation[] = [
  slowStart(
    'held-back-until-the-end',
    'if (credit < 1) return true;',
    'if (credit >= 0) return true;',
    'A region that is back gets nothing until the window is over.',
    'thundering-herd',
  ),
  slowStart(
    'held-back-for-ever',
    'if (elapsedMs >= policy.windowMs) return false;\n      credit += Math.max(policy.minShare, (elapsedMs / policy.windowMs) ** (1 / policy.aggression));',
    'if (elapsedMs === Number.POSITIVE_INFINITY) return false;\n      credit += policy.minShare;',
    'A region that is back never gets more than in the beginning.',
    'thundering-herd',
  ),
  slowStart(
    'held-back-shortly',
    '(elapsedMs / policy.windowMs) ** (1 / policy.aggression)',
    '((10 * elapsedMs) / policy.windowMs) ** (1 / policy.aggression)',
    'A region that is back gets all requests after a tenth of the window.',
    'thundering-herd',
  ),
];
