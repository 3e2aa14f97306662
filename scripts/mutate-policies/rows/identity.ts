import type { Mutation } from '../mutation.ts';
import { rowsOf } from './row.ts';

const guard = rowsOf('identity', 'harness/serving/identity/guard.ts');

export const identityRows: readonly Mutation[] = [
  guard(
    'revocation-never-asked',
    'if (ageMs <= revocationBoundMs / 2) return true;',
    'if (ageMs >= 0) return true;',
    'The issuer is never asked what has become of a token.',
    'revoked-caller',
  ),
  guard(
    'inactive-let-in',
    'if (!standing.isActive)',
    'if (standing.isActive === null)',
    'A token that was revoked is good.',
    'stolen-token',
  ),
  guard(
    'all-authorized',
    'if (!authorize(question))',
    'if (authorize === null)',
    'Whoever is known may do everything.',
    'confused-deputy',
  ),
  rowsOf('identity', 'harness/serving/identity/key-set.ts')(
    'keys-not-fetched-anew',
    'else void fetchUnlessHot();',
    '',
    "The issuer's keys are fetched anew only when one is missing.",
    'zero-trust-rotation',
  ),
];
