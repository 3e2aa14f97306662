/**
 * How an image is named: `[registry[:port]/]path[:tag][@digest]`, the path in lower case
 * (distribution/reference, `reference.go`, the grammar in its comment; read 2026-11-27).
 */
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REGISTRY = '(?:localhost|[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)+|[a-zA-Z0-9-]+(?=:\\d))(?::\\d+)?';
const TAG = '\\w[\\w.-]{0,127}';
const DIGEST = '[a-zA-Z][a-zA-Z0-9]*:[0-9a-f]{32,}';

/** For a setting that is the name of an image. */
export const IMAGE_NAME = new RegExp(`^(?:${REGISTRY}/)?${COMPONENT}(?:/${COMPONENT})*(?::${TAG})?(?:@${DIGEST})?$`);

/** What is said of one that does not match, with an example of the place. */
export const notAnImageName = (example: string): string =>
  `expected the name of an image, in lower case and with its tag, such as ${example}`;
