import { definePolicy } from '../policy.ts';

export const clockCorrection = definePolicy({
  summary: "Dates what it signs by the provider's clock, once a refusal has shown that the own one is off.",
  settings: {},
});
