import { firstOf, type Invariant, seconds } from './invariant.ts';

/** Whoever may not gets nothing, whatever breaks: what a thief gets before the theft is known is measured elsewhere. */
export const nobodyLetIn: Invariant = {
  name: 'nobody-let-in',
  summary: 'No request is answered that has no token, one that is not right, or one whose caller may not do what it asks for.',
  needs: 'record',
  check: ({ record: { probes = [] } }) =>
    firstOf(
      probes.filter(({ kind, isAnswered }) => isAnswered && kind !== 'stolen-token'),
      ({ kind, path, sentMs, status }) => `A request (${kind}) at ${seconds(sentMs)} for ${path} was answered ${status}`,
    ),
};
