import { type AwsFront, awsFrontOf } from '../../../mocks/aws/front.ts';
import type { CloudEndpoint } from '../../../mocks/cloud/cloud.ts';
import type { FetchHandler } from '../../../mocks/emulator.ts';
import { readBytes } from '../../../mocks/shared/read-bytes.ts';
import { createChaosApi, isForChaosApi } from './chaos-api.ts';
import { createRuleBook, type RuleBook } from './rule-book.ts';

/** LocalStack's Chaos API over the emulated AWS: one set of rules, which every endpoint of AWS obeys and answers for. */
export interface Chaos {
  /** Stands before an endpoint's handler. Other clouds' endpoints are left as they are. */
  readonly around: (endpoint: CloudEndpoint) => FetchHandler;
  /** Answers for the chaos API, and leaves all else to the handler. */
  readonly before: (handler: FetchHandler) => FetchHandler;
}

/** As LocalStack's answers have it (its blog of 26 August 2024, "Simulating outages for local cloud apps"; read November 2026). */
const MESSAGE = 'Operation failed due to a simulated fault';

/** Largest body that an operation is looked for in, bytes: forms are shorter. */
const BODY_LIMIT_BYTES = 1024 * 1024;

const NO_BODY = new Uint8Array();

const operationOf = async (front: AwsFront, request: Request): Promise<string> => {
  if (!front.isInBody) return front.operationOf(request, NO_BODY);
  const body = await readBytes(request.clone(), BODY_LIMIT_BYTES);
  return body ? front.operationOf(request, body) : '';
};

/** An answer before the whole request has come would cut its caller off. */
const drain = async ({ body }: Request): Promise<void> => {
  if (!body) return;
  for await (const _ of body);
};

/** Fails the requests that a rule fails. */
const underRules = ({ spec, region, fetch }: CloudEndpoint, front: AwsFront, book: RuleBook): FetchHandler => {
  const { service, isRegional } = spec;
  return async (request) => {
    // A service without regions has that of its caller's signature, as LocalStack sees it.
    const endpoint = { service, region: isRegional ? region : front.signedRegionOf(request) };
    if (!book.canFail(endpoint)) return fetch(request);
    const operation = book.asksForOperation(endpoint) ? await operationOf(front, request) : '';
    const error = book.failureOf({ ...endpoint, operation });
    if (!error) return fetch(request);
    await drain(request);
    return front.fail(error.code, error.statusCode, MESSAGE);
  };
};

/** @param seed of the draws that decide which requests a rule with a probability fails */
export const createChaos = (seed: number): Chaos => {
  const book = createRuleBook(seed);
  const api = createChaosApi(book);

  const before =
    (handler: FetchHandler): FetchHandler =>
    async (request) =>
      isForChaosApi(request) ? api(request) : handler(request);

  const late =
    (handler: FetchHandler): FetchHandler =>
    async (request) => {
      const { latency } = book.effects();
      // A caller who still waits keeps the process up, not the wait itself.
      if (latency > 0) await new Promise<void>((resolve) => void setTimeout(resolve, latency).unref());
      return handler(request);
    };

  return {
    before,
    around(endpoint) {
      if (endpoint.spec.cloud !== 'aws') return endpoint.fetch;
      const front = awsFrontOf(endpoint.spec.service);
      return before(late(front ? underRules(endpoint, front, book) : endpoint.fetch));
    },
  };
};
