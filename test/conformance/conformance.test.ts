import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createOnnxRuntime } from '../../harness/world/live/onnx-runtime.ts';
import { type CloudDefinition, GLOBAL } from '../../mocks/cloud/cloud.ts';
import type { AuthScheme, Condition, ServiceSpec } from '../../mocks/cloud/service.ts';
import { clouds } from '../../mocks/clouds.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import type { Calls, ConformanceCase } from './case.ts';
import { lifts, provoke } from './conditions.ts';
import { findCase } from './find-case.ts';
import { type OpenTarget, openTarget } from './open-target.ts';
import { type Recorded, toRequest } from './recorder.ts';
import { ociSignatureParts, type SignedParts, sigv4Parts, tampered } from './tamper.ts';

/** Schemes that sign the request itself, and what of a request they protect. */
const SIGNATURES: Partial<Readonly<Record<AuthScheme, (request: Recorded) => SignedParts>>> = {
  sigv4: sigv4Parts,
  'oci-signature': ociSignatureParts,
};
/** One region could stand for all by mistake; two can't. */
const REGIONS = 2;
const TAMPERED_RUNS = 100;
/** Both schemes let a clock be five minutes off, unless a case says otherwise. */
const SKEW_MS = 5 * 60_000;
const DAY_MS = 24 * 3_600_000;

let models: ModelRuntime;
beforeAll(async () => {
  models = await createOnnxRuntime(['digits']);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Gives a test the row's service on sockets, called by its SDK; takes both away behind it. */
const withService = async (
  row: Row,
  check: (open: OpenTarget, calls: Calls, subject: ConformanceCase) => Promise<void>,
): Promise<void> => {
  const subject = await findCase(row.spec);
  await using open = await openTarget(row.definition, row.spec, row.region, models);
  const calls = await subject.connect(open.target);
  try {
    await check(open, calls, subject);
  } finally {
    await calls.close?.();
  }
};

interface Row {
  readonly name: string;
  readonly definition: CloudDefinition;
  readonly spec: ServiceSpec;
  readonly region: string;
}

const rows: readonly Row[] = clouds.flatMap((definition) =>
  definition.services.flatMap(({ spec }) =>
    (spec.isRegional ? definition.regions.slice(0, REGIONS) : [GLOBAL]).map((region) => ({
      name: `${spec.cloud}/${region}/${spec.service}`,
      definition,
      spec,
      region,
    })),
  ),
);
const services = rows.filter((row, index) => rows.findIndex(({ spec }) => spec === row.spec) === index);

describe('the table of services', () => {
  it('has rows, each with a case', async () => {
    expect(services.length).toBeGreaterThan(0);
    const found = await Promise.allSettled(services.map(({ spec }) => findCase(spec)));
    expect(found.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []))).toEqual([]);
  });
});

describe.each(rows)('$name', (row) => {
  const { spec } = row;

  it('serves a good call, again and again', () =>
    withService(row, async (_open, calls) => {
      await calls.good();
      await calls.good();
    }));

  it.each(Object.keys(spec.errors) as readonly Condition[])('answers %s as the table says', (condition) =>
    withService(row, async ({ target, takeDown }, calls, subject) => {
      const error = await provoke(condition, { target, takeDown, calls, spec, subject });
      expect(error, 'the call must fail').toBeDefined();
      expect({ status: subject.statusOf(error), code: subject.codeOf(error) }, String(error)).toEqual(spec.errors[condition]);
      const lift = lifts[condition];
      if (!lift) return;
      await lift(target, spec);
      await calls.good();
    }),
  );
});

const signed = services.flatMap((row) => row.spec.auth.flatMap((scheme) => (SIGNATURES[scheme] ? [{ ...row, scheme }] : [])));

describe.each(signed)('a request to $name signed by $scheme', (row) => {
  /** What the SDK sends of a good call: each is accepted, or the good call would have failed. */
  const signedRequests = (open: OpenTarget): readonly Recorded[] => {
    const requests = open.requests.filter(({ headers }) => headers.authorization !== undefined);
    expect(requests.length).toBeGreaterThan(0);
    return requests.slice(0, 1);
  };

  it('is refused with any byte of signature, signed header, body or path changed', () =>
    withService(row, async (open, calls) => {
      await calls.good();
      for (const request of signedRequests(open)) {
        const parts = SIGNATURES[row.scheme]!(request);
        await fc.assert(
          fc.asyncProperty(tampered(request, parts), async ({ request: changed, what }) => {
            const { status } = await open.handle(toRequest(changed, open.target.origin));
            expect(status, what).toBeGreaterThanOrEqual(400);
            expect(status, what).toBeLessThan(500);
          }),
          { numRuns: TAMPERED_RUNS },
        );
      }
    }));

  it('is refused by a clock that is further off than the service lets it be', () =>
    withService(row, async (open, calls, { skewMs = SKEW_MS }) => {
      await calls.good();
      const nowMs = Date.now();
      vi.useFakeTimers({ toFake: ['Date'] });
      for (const request of signedRequests(open)) {
        await fc.assert(
          fc.asyncProperty(fc.integer({ min: skewMs + 60_000, max: DAY_MS }), fc.boolean(), async (offMs, isLate) => {
            vi.setSystemTime(nowMs + (isLate ? offMs : -offMs));
            const { status } = await open.handle(toRequest(request, open.target.origin));
            expect([400, 401, 403], `${isLate ? '' : '-'}${offMs} ms`).toContain(status);
          }),
          { numRuns: TAMPERED_RUNS },
        );
      }
    }));
});
