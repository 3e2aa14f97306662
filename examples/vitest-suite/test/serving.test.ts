import { defineScenario, scenarioTest } from 'squall/vitest';
import { expect } from 'vitest';

const outage = defineScenario({
  name: 'outage-of-the-first-region',
  topology: { regions: ['aws/us-east-1', 'google/us-east4'] },
  load: { rate: '60/s' },
  warmup: '500ms',
  duration: '14s',
  faults: [{ kind: 'region-outage', target: 'aws/us-east-1', at: '3s', for: '6s' }],
  expect: { all: { availability: { min: '95%' } } },
});

// Passes when the verdict is passed.
scenarioTest(outage);

scenarioTest(outage, { name: 'and it fails over in time' }, (report) => {
  expect(report).toPass();
  expect(report).toMeet('availability >= 95%', 'fault');
  expect(report).toFailOverWithin('3s', { success: '95%' });
});

scenarioTest(outage, { name: 'a design without failover is caught', design: 'no-failover' }, (report) => {
  expect(report).not.toFailOverWithin('3s', { success: '95%' });
});

// Ships with squall.
scenarioTest('latency-spike');
