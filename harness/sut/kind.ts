import type { z } from 'zod';
import type { Naming } from './choose.ts';
import type { ChosenSut } from './sut.ts';

/** A kind of system under test: one file of kinds/, and one line of kinds.ts. */
export interface SutKind<Settings = unknown> {
  /** The setting that names it, e.g. `command`. */
  readonly key: string;
  /** How it is named on a command line, e.g. `docker:<image>`. */
  readonly form: string;
  /** One sentence. */
  readonly summary: string;
  readonly settings: z.ZodType<Settings>;
  /** Settings from the text of `--sut`; undefined when that is not of this kind. */
  fromText(text: string, naming: Naming): object | undefined;
  /** @throws {SquallError} for what is not there */
  choose(settings: Settings, naming: Naming): ChosenSut;
}

export const defineSutKind = <Schema extends z.ZodType>(
  kind: Omit<SutKind<z.output<Schema>>, 'settings'> & { readonly settings: Schema },
): SutKind & { readonly settings: Schema } => kind as unknown as SutKind & { readonly settings: Schema };
