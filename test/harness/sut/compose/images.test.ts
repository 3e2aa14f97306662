import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtIn, imagesIn } from '../../../../harness/sut/compose/images.ts';
import { overrideOf } from '../../../../harness/sut/compose/override.ts';

describe('images of a Compose file that must be there', () => {
  it('are those of services that are not built, and that no other service builds', () => {
    const config = {
      services: {
        api: { image: 'my/api:1' },
        built: { build: { context: '.' } },
        named: { build: { context: '.' }, image: 'my/named' },
        again: { image: 'my/named' },
        cache: { image: 'redis:8' },
      },
    };
    expect([...imagesIn(config)]).toEqual([
      ['api', 'my/api:1'],
      ['cache', 'redis:8'],
    ]);
    expect(builtIn(config)).toEqual(['built']);
  });
});

describe("what is laid over a user's Compose file", () => {
  const override = (labels: Readonly<Record<string, string>>) =>
    overrideOf({
      services: ['api', 'cache'],
      built: ['api'],
      entry: 'api',
      entryPort: 8080,
      environment: {},
      hosts: {},
      folder: undefined,
      labels,
    });

  it('lets no service pull an image, whatever the file says', () => {
    expect(parse(override({})).services).toMatchObject({ api: { pull_policy: 'never' }, cache: { pull_policy: 'never' } });
  });

  it('has an image that is built for the run bear one label, by which it is removed', () => {
    const { api, cache } = parse(override({ 'squall.run': 'one' })).services;
    expect([api.build, cache.build]).toEqual([{ labels: { 'squall.image': 'squall.run=one' } }, undefined]);
  });
});
