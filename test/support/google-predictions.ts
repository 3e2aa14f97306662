import type { protos } from '@google-cloud/aiplatform';
import { expect } from 'vitest';

type Tensor = protos.google.cloud.aiplatform.v1.ITensor;
type Streamed = protos.google.cloud.aiplatform.v1.IStreamingPredictResponse;

/** A row of pixels as the streaming methods take it. */
export const rowTensor = (row: readonly number[]): Tensor => ({ dtype: 'FLOAT', shape: [row.length], floatVal: [...row] });

/** The class that a streamed message tells of. */
export const tensorLabel = ({ outputs }: Streamed): number => Number(outputs?.[0]?.structVal?.label?.int64Val?.[0]);

export const labelOf = ({ label }: { readonly label: number }): number => label;

/** What Google's clients throw. */
export const failureOf = async (call: Promise<unknown>) => {
  const error = (await call.then(
    () => expect.unreachable('the call was answered'),
    (reason: unknown) => reason,
  )) as Error & { code: number; httpStatusCode?: number; reason?: string };
  return {
    name: error.constructor.name,
    code: error.code,
    http: error.httpStatusCode,
    reason: error.reason,
    message: error.message,
  };
};

/** All messages of a stream of Google's clients, which is of an older kind than Node's own. */
export const collect = <Message = Streamed>(stream: NodeJS.EventEmitter): Promise<readonly Message[]> =>
  new Promise((resolve, reject) => {
    const messages: Message[] = [];
    stream.on('data', (message: Message) => messages.push(message));
    stream.on('end', () => resolve(messages));
    stream.on('error', reject);
  });
