import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SquallError } from '../errors.ts';
import { nearestNames } from '../nearest-names.ts';
import { packageRoot } from '../package-root.ts';
import { type Framework, frameworkFile } from './control.ts';

/** Frameworks of controls, each a file of `controls/`, in the order of the bundle. */
export const frameworkIds = ['dora', 'nist-800-53', 'iso-27001', 'gdpr', 'eu-ai-act', 'hipaa'] as const;

const read = (id: string): Framework =>
  frameworkFile.parse(parse(readFileSync(join(packageRoot, 'harness', 'evidence', 'controls', `${id}.yaml`), 'utf8')));

/**
 * The frameworks of these names, in the table's order; all of them when none is named.
 * @throws {SquallError} `NOT_FOUND`
 */
export const readFrameworks = (names: readonly string[] = []): readonly Framework[] => {
  const known: readonly string[] = frameworkIds;
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new SquallError(
      'NOT_FOUND',
      `--framework: no framework is called "${name}".${nearestNames(name, known)}`,
      `Frameworks: ${known.join(', ')}.`,
    );
  }
  return known.filter((id) => names.length === 0 || names.includes(id)).map(read);
};
