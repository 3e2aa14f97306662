import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import type { FetchHandler } from '../../mocks/emulator.ts';
import { readBytes } from '../../mocks/shared/read-bytes.ts';
import { SquallError } from '../errors.ts';
import type { FaultHand } from './hand.ts';
import type { Description } from './up.ts';

const MAX_BODY_BYTES = 64 * 1024;
/** Whoever asks for the stop gets an answer, not a cut connection. */
const STOP_AFTER_MS = 100;

export interface ControlOptions {
  /** Bearer token without which nothing is answered. */
  readonly token: string;
  readonly hand: FaultHand;
  describe(): Description;
  /** Stops the emulators; called when the answer has had time to leave. */
  stop(): void;
}

/** 256 bits, as text that needs no quoting anywhere. */
export const makeToken = (): string => randomBytes(32).toString('base64url');

const digest = (text: string) => createHash('sha256').update(text).digest();

const problem = (error: unknown): Response => {
  if (!(error instanceof SquallError))
    return Response.json({ error: `internal error: ${(error as Error).message}` }, { status: 500 });
  return Response.json(
    { error: error.message, ...(error.remedy ? { remedy: error.remedy } : {}) },
    { status: error.code === 'NOT_FOUND' ? 404 : 400 },
  );
};

const readJson = async (request: Request): Promise<unknown> => {
  const body = await readBytes(request, MAX_BODY_BYTES);
  if (!body) throw new SquallError('BAD_FLAG', `The body is longer than ${MAX_BODY_BYTES} bytes.`);
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new SquallError('BAD_FLAG', 'The body is not JSON.');
  }
};

/** The hand into the emulators that are up: `/endpoints`, `/faults`, `/stop` (docs/emulators.md). */
export const createControlApi = ({ token, hand, describe, stop }: ControlOptions): FetchHandler => {
  const expected = digest(`Bearer ${token}`);
  const api = new Hono();
  api.use(async (context, next) => {
    const given = context.req.header('authorization') ?? '';
    if (timingSafeEqual(digest(given), expected)) return next();
    return Response.json(
      { error: 'The bearer token is not that of these emulators.' },
      { status: 401, headers: { 'www-authenticate': 'Bearer' } },
    );
  });
  api.onError(problem);
  api.notFound(() =>
    Response.json(
      { error: 'No such path. There are GET /endpoints, GET and POST /faults, DELETE /faults/{name} and POST /stop.' },
      { status: 404 },
    ),
  );

  api.get('/endpoints', () => Response.json(describe()));
  api.get('/faults', () => Response.json({ faults: hand.list() }));
  api.post('/faults', async ({ req }) => Response.json(await hand.add(await readJson(req.raw)), { status: 201 }));
  api.delete('/faults/:name', async ({ req }) => {
    await hand.remove(req.param('name'));
    return new Response(null, { status: 204 });
  });
  api.post('/stop', () => {
    setTimeout(stop, STOP_AFTER_MS);
    return Response.json({}, { status: 202 });
  });
  return async (request) => api.fetch(request);
};
