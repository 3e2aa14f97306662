import type { OutputLine } from '../sut.ts';

/** What the squall process tells a command's keeper. The environment contains secrets. */
export type ToKeeper =
  | {
      readonly type: 'start';
      /** For the shell. */
      readonly command: string;
      readonly cwd: string;
      readonly environment: Readonly<Record<string, string>>;
    }
  | { readonly type: 'stop' };

/** What the keeper tells squall. */
export type FromKeeper =
  | { readonly type: 'line'; readonly line: OutputLine }
  /** The command has ended, and nothing of it is left. */
  | { readonly type: 'ended'; readonly code: number | null; readonly signal: string | null; readonly text: string };
