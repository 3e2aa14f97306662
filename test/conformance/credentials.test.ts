import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { createOnnxRuntime } from '../../harness/world/live/onnx-runtime.ts';
import { GLOBAL } from '../../mocks/cloud/cloud.ts';
import type { AuthScheme } from '../../mocks/cloud/service.ts';
import { clouds } from '../../mocks/clouds.ts';
import { findCase } from './find-case.ts';
import { forged, secretsOf } from './forged.ts';
import { type OpenTarget, openTarget } from './open-target.ts';
import { type Recorded, toRequest } from './recorder.ts';

/** Forgeries of each service; all together there are some ten thousand. */
const RUNS = 500;
/** Kinds of requests of a good call that are forged. */
const MAX_KINDS = 3;

/** How long what shows who asks is good, milliseconds: a request that is sent again after that is refused. */
const GOOD_FOR_MS: Partial<Readonly<Record<AuthScheme, number>>> = {
  sigv4: 15 * 60_000,
  'oci-signature': 5 * 60_000,
  'google-oauth': 3600_000 + 300_000,
  entra: 3600_000,
  'ibm-iam': 3600_000,
  'metadata-token': 6 * 3600_000,
};

const models = await createOnnxRuntime(['digits']);

const rows = clouds.flatMap((definition) =>
  definition.services.map(({ spec }) => ({
    name: `${spec.cloud}/${spec.service}`,
    definition,
    spec,
    region: spec.isRegional ? definition.regions[0]! : GLOBAL,
  })),
);
type Row = (typeof rows)[number];

let refused = 0;
afterEach(() => void vi.useRealTimers());
afterAll(() => {
  // One too few would mean that a service was asked without a credential, or not at all.
  expect(refused).toBeGreaterThan(10_000);
});

/** What a good call sent with a secret in it, one of each kind. */
const shown = ({ requests }: OpenTarget): readonly Recorded[] => {
  const withSecrets = requests.filter((request) => secretsOf(request).length > 0);
  const kinds = new Map(
    withSecrets.map((request) => [
      `${request.method} ${request.path.split('?')[0]} ${request.headers['x-amz-target'] ?? ''}`,
      request,
    ]),
  );
  return [...kinds.values()].slice(0, MAX_KINDS);
};

const withCall = async (row: Row, check: (open: OpenTarget, requests: readonly Recorded[]) => Promise<void>): Promise<void> => {
  const subject = await findCase(row.spec);
  await using open = await openTarget(row.definition, row.spec, row.region, models);
  const calls = await subject.connect(open.target);
  try {
    await calls.good();
    await check(open, shown(open));
  } finally {
    await calls.close?.();
  }
};

const expectRefused = async (open: OpenTarget, request: Recorded, what: string): Promise<void> => {
  const { status } = await open.handle(toRequest(request, open.target.origin));
  expect(status >= 400 && status < 500, `${request.method} ${request.path} was answered ${status}, with ${what}`).toBe(true);
  refused += 1;
};

const guarded = rows.filter(({ spec }) => spec.auth.some((scheme) => scheme !== 'none') || spec.errors['forged-credential']);

describe.each(guarded)('$name', (row) => {
  it('takes nothing that its cloud did not make', () =>
    withCall(row, async (open, requests) => {
      expect(requests.length, 'the good call shows who asks').toBeGreaterThan(0);
      for (const request of requests) {
        await fc.assert(
          fc.asyncProperty(forged(request, secretsOf(request)), ({ request: changed, what }) =>
            expectRefused(open, changed, what),
          ),
          { numRuns: Math.ceil(RUNS / requests.length) },
        );
      }
    }));

  it.runIf(row.spec.errors['revoked-credential'])('takes nothing that was revoked', () =>
    withCall(row, async (open, requests) => {
      await open.target.account.control({ type: 'revoke-credential', replacementAfterMs: null });
      for (const request of requests) await expectRefused(open, request, 'a revoked credential');
    }),
  );

  // What Oracle's users sign has no end but the time of day, below.
  const hasTokens = row.spec.errors['expired-credential'] && !row.spec.auth.includes('oci-signature');
  it.runIf(hasTokens)('takes nothing that has ended', () =>
    withCall(row, async (open, requests) => {
      await open.target.account.control({ type: 'expire-tokens' });
      for (const request of requests) {
        // A key that lasts until it is revoked has no end.
        const isOfToken = secretsOf(request).some(({ name }) => name === 'authorization' || name === 'x-aws-ec2-metadata-token');
        if (isOfToken) await expectRefused(open, request, 'an expired credential');
      }
    }),
  );

  const goodForMs = Math.max(...row.spec.auth.map((scheme) => GOOD_FOR_MS[scheme] ?? 0));
  it.runIf(goodForMs > 0)('takes nothing that is sent again when its time is over', () =>
    withCall(row, async (open, requests) => {
      const nowMs = Date.now();
      vi.useFakeTimers({ toFake: ['Date'] });
      for (const request of requests) {
        const isOfToken = secretsOf(request).some(({ name }) => name === 'authorization' || name === 'x-aws-ec2-metadata-token');
        if (!isOfToken) continue;
        await fc.assert(
          fc.asyncProperty(fc.integer({ min: 60_000, max: 30 * 24 * 3600_000 }), async (moreMs) => {
            vi.setSystemTime(nowMs + goodForMs + moreMs);
            await expectRefused(open, request, `${moreMs} ms too late`);
          }),
          { numRuns: 30 },
        );
      }
    }),
  );
});
