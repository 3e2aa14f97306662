import type { SutSettings } from '../sut/kinds.ts';
import type { ConfigFile } from './schema.ts';

/** What `squall.config.ts` says. */
export interface SquallConfig extends Omit<ConfigFile, 'sut'> {
  /** A text as of `--sut`, or settings. */
  readonly sut?: string | SutSettings;
}

/** Gives a configuration its type; what it says is checked when it is loaded. */
export const defineConfig = (config: SquallConfig): SquallConfig => config;
