import { durationMs } from '../field.ts';
import { defineLimit } from '../policy.ts';

export const attemptTimeoutMs = defineLimit({
  summary: 'Longest that one attempt may take.',
  value: durationMs(600, 'An attempt that takes longer is given up.'),
});

export const deadlineMs = defineLimit({
  summary: "Longest that one request may take, degrade ladder included; the caller's own deadline shortens it.",
  value: durationMs(1500, 'A request that takes longer is answered with a failure.'),
});
