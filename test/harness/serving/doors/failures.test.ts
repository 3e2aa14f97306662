import { describe, expect, it } from 'vitest';
import { FAILURES, failureOf } from '../../../../harness/serving/doors/failures.ts';
import { BadRequest, Cancelled, LinkError, NoUsableLink, Refused } from '../../../../harness/serving/errors.ts';
import { CODES } from '../../../../mocks/shared/grpc/codes.ts';

/** What went wrong, and what each protocol calls it. */
const cases: readonly (readonly [Error, http: number, grpc: keyof typeof CODES])[] = [
  [new BadRequest('inputs: one is expected.'), 400, 'INVALID_ARGUMENT'],
  [new LinkError('rejected', 'row 0 has 3 values.'), 400, 'INVALID_ARGUMENT'],
  [new Refused('not-found', 'There is no model letters.'), 404, 'NOT_FOUND'],
  [new Refused('too-large', 'The body is over 9 bytes.'), 413, 'RESOURCE_EXHAUSTED'],
  [new Refused('too-many', '9 requests are under way.'), 503, 'RESOURCE_EXHAUSTED'],
  [new Cancelled('deadline'), 504, 'DEADLINE_EXCEEDED'],
  [new Cancelled('caller-gone'), 499, 'CANCELLED'],
  [new Cancelled('stopped'), 503, 'UNAVAILABLE'],
  [new NoUsableLink(), 503, 'UNAVAILABLE'],
  [new LinkError('connection', 'refused'), 503, 'UNAVAILABLE'],
  [new LinkError('timeout', 'No answer in 9 ms.'), 503, 'UNAVAILABLE'],
  [new LinkError('overloaded', '429'), 503, 'UNAVAILABLE'],
  [new LinkError('credential', '403'), 503, 'UNAVAILABLE'],
];

describe('a failure', () => {
  it.each(cases)('%s is %i in HTTP and %s in gRPC', (error, http, grpc) => {
    const { kind, message } = failureOf(error);
    expect(FAILURES[kind]).toMatchObject({ http, grpc: CODES[grpc] });
    expect(message).toContain(error.message);
  });
});
