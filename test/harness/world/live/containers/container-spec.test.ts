import { describe, expect, it } from 'vitest';
import type { ScenarioContainer } from '../../../../../harness/scenario/scenario.ts';
import { startedAs } from '../../../../../harness/world/live/containers/container-spec.ts';

describe("a scenario's container", () => {
  it('is known to errors by the keys of the scenario', () => {
    const cache: ScenarioContainer = {
      name: 'cache',
      rttMs: 1,
      isHttp: false,
      awsServices: [],
      source: { type: 'image', image: 'redis:8', port: 6380, scheme: 'redis', environment: {}, ready: {}, limits: {} },
    };
    expect(startedAs(cache)?.spec).toMatchObject({
      ports: [6380],
      settings: { port: 'topology.containers.cache.port', ready: 'topology.containers.cache.ready' },
    });
  });
});
