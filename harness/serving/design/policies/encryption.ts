import { choice, count, durationMs } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const encryption = definePolicy({
  summary:
    "What the stack has at rest is encrypted, each object by a data key that a cloud's key service wraps; for scenarios with a registry or datasets.",
  settings: {
    cloud: choice(
      ['first', 'aws', 'google', 'azure'],
      'first',
      "Whose key service wraps data keys: the cloud's, in the first of its regions; `first` is the scenario's first region.",
    ),
    cacheMs: durationMs(
      10_000,
      'A data key that the key service has not confirmed for so long is used no more, nor is what was read by it; it is asked at half of that. 0 keeps none.',
      { min: 0 },
    ),
    usesPerKey: count(100, 'Objects that one data key encrypts, at most.'),
    keyVersion: choice(
      ['own', 'newest'],
      'own',
      'By which version of the key a data key is unwrapped: the one that wrapped it, or whichever is the newest.',
    ),
  },
});
