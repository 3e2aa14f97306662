import { describe, expect, it } from 'vitest';
import { portOf } from '../../../../harness/sut/container/port.ts';

describe('the port of a container', () => {
  it.each<[string, number | undefined, readonly number[], number]>([
    ['what the user says, whatever the image does', 9000, [3000, 4000], 9000],
    ['the only one that the image EXPOSEs', undefined, [3000], 3000],
    ['8080 where it EXPOSEs none', undefined, [], 8080],
    ['8080 where that is among several', undefined, [3000, 8080], 8080],
  ])('is %s', (_, named, exposedPorts, port) => {
    expect(portOf(named, 'my/image', { exposedPorts }, '--sut')).toBe(port);
  });

  it('has to be named where the image EXPOSEs several others', () => {
    expect(() => portOf(undefined, 'my/image', { exposedPorts: [3000, 9090] }, '--sut')).toThrow(
      expect.objectContaining({
        code: 'BAD_FLAG',
        message: '--sut: the image my/image EXPOSEs 3000, 9090, and it is not clear which port the load goes to.',
        remedy: expect.stringContaining('containerPort: 3000'),
      }),
    );
  });
});
