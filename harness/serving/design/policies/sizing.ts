import { choice, count } from '../field.ts';
import { defineChoice } from '../policy.ts';

export const sizing = defineChoice({
  summary: 'What is deployed: in how many regions, on how many instances of which kind, bought how.',
  settings: {
    regions: count(
      32,
      'Regions of the topology that are deployed to, the first ones; in the others nothing serves, and nothing is paid.',
      {
        max: 32,
      },
    ),
    instances: count(1, 'Instances in the first region; each has the slots of the region’s capacity.', { max: 100 }),
    standbyInstances: count(1, 'Instances in each other region.', { max: 100 }),
    instanceClass: choice(
      ['default', 'gpu', 'cpu'],
      'default',
      "What instances they are, by the price book: the topology's own, or the provider's with or without a GPU.",
    ),
    market: choice(
      ['on-demand', 'spot'],
      'on-demand',
      'Whether they are kept, or spare capacity that the provider may take back.',
    ),
  },
});
