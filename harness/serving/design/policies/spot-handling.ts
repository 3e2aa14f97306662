import { count, durationMs, flag } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const spotHandling = definePolicy({
  summary: 'Keeps some instances on demand where the others are on the spot market, and acts before those are taken back.',
  isOn: false,
  settings: {
    onDemandBase: count(1, 'Instances of a region that are on demand all the same.', { min: 0, max: 100 }),
    drainOnNotice: flag(
      true,
      'At the notice a replacement is started, and just before the end the instance gets no more requests.',
    ),
    drainMs: durationMs(500, 'How long before the end it gets none.', { min: 0 }),
    fallsBack: flag(true, 'What the spot market does not have is had on demand.'),
  },
});
