import DataLoader from 'dataloader';
import type { Prediction } from '../../../mocks/models/runtime.ts';
import type { Caller } from '../caller.ts';
import { BadRequest } from '../errors.ts';
import { CHECK_ROW } from '../open-inference.ts';
import type { Answer } from '../serving.ts';
import type { Stack } from '../stack.ts';

/** Rows of one call of the stack: more would hold an instance for seconds. */
const MAX_ROWS = 256;

/** What is wrong with an image; undefined when nothing is. GraphQL has seen to it that the values are finite numbers. */
const checkRow = ({ length }: readonly number[]): string | undefined =>
  length === CHECK_ROW.length ? undefined : `pixels has ${length} values; ${CHECK_ROW.length} are expected.`;

/** A prediction, and what the answer that it came with says of itself. */
export interface Predicted {
  readonly prediction: Prediction;
  readonly answer: Answer;
}

/** The images of one operation, asked of the stack together. */
export interface Predictions {
  /** @throws {BadRequest} for what is no image; what `Stack.infer` throws */
  predict(pixels: readonly number[]): Promise<Predicted>;
  /** Answers that the operation has had, in the order in which they came. */
  readonly answers: readonly Answer[];
}

/** An operation that asks for more than a request may hold is several calls of the stack, one after the other. */
export const createPredictions = (stack: Stack, caller: Caller, signal: AbortSignal): Predictions => {
  const answers: Answer[] = [];

  const predictAll = async (images: readonly (readonly number[])[]): Promise<(Predicted | Error)[]> => {
    const faults = images.map((pixels) => checkRow(pixels));
    const rows = images.filter((_, at) => faults[at] === undefined);
    if (rows.length === 0) return faults.map((fault) => new BadRequest(fault!));
    const answer = await stack.infer(() => rows, { ...caller, signal });
    answers.push(answer);
    let next = 0;
    return faults.map((fault) => {
      if (fault !== undefined) return new BadRequest(fault);
      const prediction = answer.predictions[next]!;
      next += 1;
      return { prediction, answer };
    });
  };

  const loader = new DataLoader(predictAll, { cache: false, maxBatchSize: MAX_ROWS });
  return { answers, predict: (pixels) => loader.load(pixels) };
};
