import type { Content, ImportFile } from './content.ts';
import type { Imported } from './incident.ts';

/** What a reader may be told beside the file. */
export interface ReadOptions {
  /** Names of columns or fields by what they hold: `errorRate` is called `err`. */
  readonly columns: Readonly<Record<string, string>>;
  /** What rows and calls belong to that name no region. */
  readonly region?: string | undefined;
}

/** A format that incidents and experiments come in: one file each, and a line in formats/index.ts. */
export interface ImportFormat {
  /** As `--format` takes it. */
  readonly name: string;
  /** One sentence for help and docs. */
  readonly summary: string;
  /** Whether the content looks like this format; the first that says so reads it. */
  detects(content: Content): boolean;
  /** @throws {SquallError} `BAD_SCENARIO` with file, line and column for what can't be read */
  read(file: ImportFile, content: Content, options: ReadOptions): Imported;
}
