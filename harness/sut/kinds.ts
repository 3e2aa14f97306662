import type { z } from 'zod';
import type { SutKind } from './kind.ts';
import { command } from './kinds/command.ts';
import { compose } from './kinds/compose.ts';
import { docker } from './kinds/docker.ts';
import { handler } from './kinds/handler.ts';
import { url } from './kinds/url.ts';

/** Kinds of systems under test. A text is of the first that takes it: `command` takes what does not read as a mistaken name. */
export const kinds: readonly SutKind[] = [url, docker, compose, handler, command];

/** Settings of a system under test, as `squall.config.ts` has them. */
export type SutSettings = z.input<(typeof url | typeof docker | typeof compose | typeof handler | typeof command)['settings']>;
