import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportOptions, type ImportResult, importFile } from '../../harness/import/import-file.ts';

/** Imports a text as if it were a file of that name. */
export const importText = (name: string, text: string, options: Partial<ImportOptions> = {}): ImportResult => {
  const folder = mkdtempSync(join(tmpdir(), 'squall-import-'));
  try {
    const path = join(folder, name);
    writeFileSync(path, text);
    return importFile(path, { columns: {}, map: {}, gateway: 'us-east', ...options });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The one message of a text that is refused, without the folder. */
export const refusalOf = (name: string, text: string, options: Partial<ImportOptions> = {}): string => {
  try {
    importText(name, text, options);
  } catch (error) {
    const { message, remedy } = error as Error & { readonly remedy?: string };
    return `${message.replace(/^\S*\/(?=[^/]+:)/, '')}${remedy ? ` ${remedy}` : ''}`;
  }
  throw new Error(`${name} was imported`);
};

/** Rows of a region a minute, as CSV without its header: error rate, median and 99th percentile in milliseconds. */
export const minutes = (
  region: string,
  count: number,
  at: (minute: number) => { readonly errorRate?: number; readonly p50?: number; readonly p99?: number },
): readonly string[] =>
  Array.from({ length: count }, (_, minute) => {
    const { errorRate = 0.001, p50 = 50, p99 = 120 } = at(minute);
    return [new Date(Date.UTC(2026, 9, 20, 6, minute)).toISOString(), region, errorRate, p50, p99].join(',');
  });

export const HEADER = 'time,region,error_rate,p50_ms,p99_ms';

/** CSV of these rows. */
export const csvOf = (rows: readonly string[], header = HEADER): string => `${[header, ...rows].join('\n')}\n`;
