import { choice, number } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const privacy = definePolicy({
  summary:
    'Statistics of datasets get noise, and each tenant has a budget of them: differential privacy; for scenarios with datasets.',
  settings: {
    mechanism: choice(['laplace', 'gaussian'], 'laplace', 'What the noise is like: discrete Laplace, or discrete Gaussian.'),
    epsilon: number(0.05, 'What one answer may tell of any one row; less is more noise.', { min: 0.0001, max: 10 }),
    delta: number(0.000001, 'How likely one answer of the Gaussian mechanism may tell more.', { min: 1e-12, max: 0.01 }),
    budget: number(2, 'What all answers to one tenant about one dataset may tell together.', { min: 0.0001, max: 1000 }),
    budgetDelta: number(0.00001, 'How likely all answers together may tell more.', { min: 1e-12, max: 0.01 }),
    composition: choice(
      ['sequential', 'advanced'],
      'advanced',
      'How losses are added up: sequential is their sum; advanced is less for many answers, by the smallest of the known bounds.',
    ),
  },
});
