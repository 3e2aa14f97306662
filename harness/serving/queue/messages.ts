import { z } from 'zod';

/** Largest job: a batch of 256 rows is about 100 kB. SQS takes 256 KiB (SendMessage, API reference; read November 2026). */
export const MAX_JOB_BYTES = 256 * 1024;
/** Longest that a caller may wait for a job or a result, as SQS has it. */
export const MAX_WAIT_MS = 20_000;
/** Most jobs, or results, of one answer. */
export const MAX_BATCH = 100;
/** Longest visibility, as SQS has it: twelve hours. */
const MAX_VISIBILITY_MS = 12 * 3_600_000;

const id = z.string().min(1).max(128);
/** Brokers write down in it whose it is: SQS's are some 200 characters long on LocalStack. */
const receipt = z.string().min(1).max(1024);
const ms = (max: number) => z.number().min(0).max(max);
const text = z.string().max(MAX_JOB_BYTES);
const words = z.record(z.string().max(64), z.string().max(1024));
/** What a caller says of what it sends, by header. */
export const attributesMessage = words.default({});

export const jobMessage = z.object({ id, body: text, attributes: attributesMessage });

export const resultMessage = z.object({ jobId: id, status: z.int().min(100).max(599), headers: words, body: text });

/** What the paths of the queue service take, by path. */
export const askMessages = {
  receive: z.object({
    max: z.int().min(1).max(MAX_BATCH),
    visibilityMs: ms(MAX_VISIBILITY_MS),
    waitMs: ms(MAX_WAIT_MS),
  }),
  extend: z.object({ receipt, visibilityMs: ms(MAX_VISIBILITY_MS) }),
  complete: z.object({ receipt }),
  release: z.object({ receipt, delayMs: ms(MAX_VISIBILITY_MS), reason: z.string().max(1024) }),
  bury: z.object({ receipt, reason: z.string().max(1024) }),
  redrive: z.object({ jobIds: z.union([z.literal('all'), z.array(id).max(1000)]) }),
  putResult: z.object({ result: resultMessage, ifAbsent: z.boolean() }),
} as const;
