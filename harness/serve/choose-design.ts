import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { SquallError } from '../errors.ts';
import { nearestNames } from '../nearest-names.ts';
import { badDocument, badSyntax } from '../scenario/bad-document.ts';
import { designPatch } from '../scenario/design-patch.ts';
import { explain } from '../scenario/explain.ts';
import { limits } from '../scenario/limits.ts';
import { problemsOf } from '../scenario/problem.ts';
import type { Source } from '../scenario/source.ts';
import { readJson, readYaml } from '../scenario/yaml-source.ts';
import { designPatches } from '../serving/design/designs.ts';
import { applyPatch } from '../serving/design/patch.ts';
import type { Design } from '../serving/design/policies.ts';
import { referenceDesign } from '../serving/design/reference.ts';

const readers: Readonly<Record<string, (text: string) => Source>> = { '.yaml': readYaml, '.yml': readYaml, '.json': readJson };

const fromFile = (file: string, read: (text: string) => Source): Design => {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) throw new SquallError('NOT_FOUND', `There is no design file ${file}.`);
  if (stats.size > limits.fileBytes) {
    throw new SquallError('BAD_SCENARIO', `${file} has ${stats.size} bytes; expected at most ${limits.fileBytes}.`);
  }
  const source = read(readFileSync(file, 'utf8'));
  if (source.syntaxProblems) throw badSyntax(file, source.syntaxProblems);
  const parsed = designPatch.safeParse(source.content ?? {}, { error: explain });
  if (!parsed.success) throw badDocument(file, source, problemsOf(parsed.error));
  return applyPatch(referenceDesign, parsed.data);
};

/**
 * A design that ships, or the reference design with the changes of a file: what stands under `design` in a scenario.
 * @param nameOrFile a name from `squall list designs`, or path of a .yaml or .json file
 * @throws {SquallError} `NOT_FOUND`; `BAD_SCENARIO` with a line for each problem of the file
 */
export const chooseDesign = (nameOrFile: string): Design => {
  const read = readers[extname(nameOrFile)];
  if (read) return fromFile(nameOrFile, read);
  const named = Object.hasOwn(designPatches, nameOrFile) ? designPatches[nameOrFile] : undefined;
  if (named) return applyPatch(referenceDesign, named.patch);
  const known = Object.keys(designPatches);
  throw new SquallError(
    'NOT_FOUND',
    `No design is called "${nameOrFile}".${nearestNames(nameOrFile, known)}`,
    `Designs: ${known.join(', ')}. A file of your own is named with its extension: ${Object.keys(readers).join(', ')}.`,
  );
};
