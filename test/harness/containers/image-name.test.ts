import { describe, expect, it } from 'vitest';
import { IMAGE_NAME } from '../../../harness/containers/image-name.ts';

describe('the name of an image', () => {
  it.each([
    'redis',
    'redis:8',
    'my/image:1.2',
    'my/image:Tag_2-x',
    'ghcr.io/me/my-image__x',
    'localhost/x',
    'localhost:5000/x:y',
    'registry:5000/team/x',
    'gcr.io/distroless/nodejs24-debian13:nonroot',
    `x@sha256:${'0'.repeat(64)}`,
    'My-Registry.example/x',
  ])('may be %s', (name) => {
    expect(name).toMatch(IMAGE_NAME);
  });

  it.each([
    '',
    'My/Image',
    'my/image:',
    'my//image',
    '/x',
    'x/',
    'x y',
    'x:a:b',
    '-x',
    'x@sha256:12',
    'a..b',
    'http://x/y',
    'x:-t',
  ])('may not be "%s"', (name) => {
    expect(name).not.toMatch(IMAGE_NAME);
  });
});
