import type { z } from 'zod';
import { readText } from '../read-text.ts';

/** Why a request to a node gets no answer. */
export class Refusal extends Error {
  readonly status: 400 | 404 | 410 | 413 | 503;

  constructor(status: Refusal['status'], message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The body of a request, as its schema has it.
 * @throws {Refusal} with the first thing that is wrong
 */
export const readMessage = async <Message>(
  request: Request,
  schema: z.ZodType<Message>,
  limitBytes: number,
): Promise<Message> => {
  const text = await readText(request, limitBytes);
  if (text === null) throw new Refusal(413, `The body is over ${limitBytes} bytes.`);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'The body is not JSON.');
  }
  const { data, error } = schema.safeParse(body);
  if (data) return data;
  const { path, message } = error!.issues[0]!;
  throw new Refusal(400, `${path.join('.') || 'The body'}: ${message}.`);
};

/** A number of the query, 0 where it is absent or none. */
export const numberOf = (query: string | undefined, max: number): number => {
  const value = Number(query ?? 0);
  return Number.isFinite(value) ? Math.min(Math.max(0, value), max) : 0;
};
