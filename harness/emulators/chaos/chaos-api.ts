import type { z } from 'zod';
import type { FetchHandler } from '../../../mocks/emulator.ts';
import { readBytes } from '../../../mocks/shared/read-bytes.ts';
import { reasonToRefuse } from '../../web-page.ts';
import { complaintOf, repeated } from './complaint.ts';
import { type FaultRule, faultRules, MAX_RULES, networkEffects, textOf } from './rule.ts';
import type { RuleBook } from './rule-book.ts';

const ROOT = '/_localstack/chaos/';
const MAX_BODY_BYTES = 1024 * 1024;

/** An answer other than 200. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

const read = async <Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> => {
  const body = await readBytes(request, MAX_BODY_BYTES);
  if (!body) throw new Refusal(413, `The body is longer than ${MAX_BODY_BYTES} bytes.`);
  let input: unknown;
  try {
    input = JSON.parse(new TextDecoder().decode(body));
  } catch (error) {
    throw new Refusal(400, `Error decoding JSON: ${(error as Error).message}`);
  }
  const { error } = schema.safeParse(input);
  if (error) throw new Refusal(400, `Error validating JSON schema: ${complaintOf(error, input)}`);
  // As it was written: what holds is answered with in the caller's own order.
  return input as z.output<Schema>;
};

const readRules = async (request: Request): Promise<readonly FaultRule[]> => {
  const rules = await read(request, faultRules);
  if (rules.length > MAX_RULES) throw tooMany();
  if (new Set(rules.map(textOf)).size < rules.length) {
    throw new Refusal(400, `Error validating JSON schema: ${repeated(rules)}`);
  }
  return rules;
};

const tooMany = () => new Refusal(400, `${MAX_RULES} rules can hold at a time, no more.`);

type Methods = Readonly<Record<string, (book: RuleBook, request: Request) => unknown>>;

/** By the last part of the path. Each answers with what holds afterwards. */
const RESOURCES: ReadonlyMap<string, Methods> = new Map<string, Methods>([
  [
    'faults',
    {
      GET: (book) => book.rules(),
      async POST(book, request) {
        book.set(await readRules(request));
        return book.rules();
      },
      async PATCH(book, request) {
        const rules = await readRules(request);
        if (book.rules().length + rules.length > MAX_RULES) throw tooMany();
        book.add(rules);
        return book.rules();
      },
      async DELETE(book, request) {
        book.remove(await readRules(request));
        return book.rules();
      },
    },
  ],
  [
    'effects',
    {
      GET: (book) => book.effects(),
      async POST(book, request) {
        book.setEffects(await read(request, networkEffects));
        return book.effects();
      },
    },
  ],
]);

const answer = async (book: RuleBook, request: Request): Promise<unknown> => {
  const reason = reasonToRefuse(request);
  if (reason !== null) throw new Refusal(403, `The chaos API is for programs of this machine, not for browsers: ${reason}.`);
  const { pathname } = new URL(request.url);
  const methods = RESOURCES.get(pathname.slice(ROOT.length));
  if (!methods) throw new Refusal(404, `There is no ${pathname}. There are ${ROOT}faults and ${ROOT}effects.`);
  const act = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
  const allow = Object.keys(methods).join(', ');
  if (!act) throw new Refusal(405, `${pathname} takes ${allow}.`, { allow });
  return act(book, request);
};

/** Whether a request is for the chaos API: no service of AWS has such a path, nor may a bucket be called so. */
export const isForChaosApi = ({ url }: Request): boolean => url.includes(ROOT) && new URL(url).pathname.startsWith(ROOT);

/**
 * LocalStack's Chaos API: `faults` and `effects` under `/_localstack/chaos/`, without a token. What is wrong is answered with
 * `{"message": ...}`.
 */
export const createChaosApi =
  (book: RuleBook): FetchHandler =>
  async (request) => {
    try {
      return Response.json(await answer(book, request));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return Response.json({ message: error.message }, { status: error.status, headers: error.headers });
    }
  };
