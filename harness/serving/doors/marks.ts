import type { Answer } from '../serving.ts';

/** What an answer says of itself: response headers, and gRPC metadata. */
export const ANSWER_HEADERS = {
  servedBy: 'x-squall-served-by',
  degraded: 'x-squall-degraded',
  version: 'x-squall-model-version',
} as const;

/** The marks of an answer by header; what there is not is left out. */
export const marksOf = ({ servedBy, degraded, version }: Answer): Record<string, string> => {
  const marks: Record<string, string> = { [ANSWER_HEADERS.servedBy]: servedBy };
  if (version !== '') marks[ANSWER_HEADERS.version] = version;
  if (degraded !== null) marks[ANSWER_HEADERS.degraded] = degraded;
  return marks;
};
