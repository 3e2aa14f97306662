import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContainerSpec, specHash } from '../../../harness/containers/spec.ts';

describe('the hash of a container spec', () => {
  it('is the same whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.infiniteStream(fc.nat()), (environment, order) => {
        const shuffled = Object.entries(environment)
          .map((entry) => [order.next().value as number, entry] as const)
          .sort(([a], [b]) => a - b)
          .map(([, entry]) => entry);
        const spec: ContainerSpec = { image: 'redis:8', ports: [6379], environment };
        expect(specHash({ environment: Object.fromEntries(shuffled), ports: [6379], image: 'redis:8' })).toBe(specHash(spec));
      }),
    );
  });

  it.each<[string, ContainerSpec]>([
    ['image', { image: 'redis:7' }],
    ['command', { image: 'redis:8', command: ['redis-server', '--save', ''] }],
    ['the order of its words', { image: 'redis:8', command: ['redis-server', '', '--save'] }],
    ['limits', { image: 'redis:8', cpus: 0.5 }],
    ['log pattern', { image: 'redis:8', readyWhen: { type: 'log', pattern: /Ready/ } }],
    ["the pattern's flags", { image: 'redis:8', readyWhen: { type: 'log', pattern: /Ready/i } }],
  ])('tells %s apart', (_, spec) => {
    const others: ContainerSpec[] = [
      { image: 'redis:8' },
      { image: 'redis:8', command: ['redis-server'] },
      { image: 'redis:8', readyWhen: { type: 'log', pattern: /ready/ } },
    ];
    for (const other of others) expect(specHash(spec)).not.toBe(specHash(other));
  });
});
