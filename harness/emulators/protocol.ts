import type { SquallErrorCode } from '../errors.ts';
import type { Description, UpOptions } from './up.ts';

/** What the command tells the process that keeps the emulators up. */
export interface ToKeeper {
  readonly type: 'up';
  readonly options: UpOptions;
}

/** What that process tells the command, once: after it the two have no more to do with each other. */
export type FromKeeper =
  | { readonly type: 'ready'; readonly description: Description }
  | { readonly type: 'failed'; readonly text: string; readonly code?: SquallErrorCode; readonly remedy?: string };
