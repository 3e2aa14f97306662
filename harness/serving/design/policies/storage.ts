import { choice, number } from '../field.ts';
import { defineChoice } from '../policy.ts';

export const storage = defineChoice({
  summary: 'Where model artifacts lie at rest, in each region that is deployed to.',
  settings: {
    tier: choice(
      ['hot', 'cool', 'cold', 'archive'],
      'hot',
      "Tier of the provider's object store: a colder one costs less to keep, and more, or hours, to read.",
    ),
    gb: number(1, 'Gigabytes, all versions together.', { min: 0, max: 100_000 }),
  },
});
