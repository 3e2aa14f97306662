import { choice } from '../field.ts';
import { defineChoice } from '../policy.ts';

export const placement = defineChoice({
  summary: 'At which providers it is deployed, and what the regions beyond the first are for.',
  settings: {
    providers: choice(
      ['all', 'first'],
      'all',
      'Providers of the topology that are deployed to; at the others nothing serves, nothing is called, and nothing is paid.',
    ),
    standby: choice(
      ['active', 'passive'],
      'active',
      'Passive: a region is sent requests, retries and hedges only while every region before it is out.',
    ),
    spread: choice(
      ['none', 'round-robin', 'weighted'],
      'none',
      'Whether first attempts go to the regions in turn, or by their slots; in order of the routing policy otherwise.',
    ),
  },
});
