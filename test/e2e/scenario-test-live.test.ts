import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { scenarioTest } from '../../integrations/vitest/index.ts';

const SHORT = join(import.meta.dirname, 'fixtures', 'short-outage.yaml');

describe('scenarioTest in the live world', () => {
  scenarioTest(SHORT, { name: 'runs real processes and sockets, and judges them', world: 'live', seed: 7 }, (report) => {
    expect(report).toPass();
    expect(report).toMeet('availability >= 90%', 'fault');
    expect(report).toMatchObject({ world: 'live', seed: 7, end: { type: 'completed' } });
  });
});
