import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { imagesIn } from '../../../../harness/sut/compose/images.ts';
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
  });
});

describe("what is laid over a user's Compose file", () => {
  it('lets no service pull an image, whatever the file says', () => {
    const text = overrideOf({
      services: ['api', 'cache'],
      entry: 'api',
      entryPort: 8080,
      environment: {},
      hosts: {},
      folder: undefined,
      labels: {},
    });
    expect(parse(text).services).toMatchObject({ api: { pull_policy: 'never' }, cache: { pull_policy: 'never' } });
  });
});
