import { SquallError } from '../errors.ts';
import { type DocumentPath, formatPath } from '../scenario/problem.ts';
import type { Position } from '../scenario/source.ts';
import { readJson, readYaml } from '../scenario/yaml-source.ts';

/** The one message of a file that can't be imported: `file:line:column: what is wrong`. */
export const badFile = (file: string, position: Partial<Position> | undefined, message: string, remedy?: string): SquallError =>
  new SquallError(
    'BAD_SCENARIO',
    `${[file, ...(position?.line === undefined ? [] : [position.line]), ...(position?.column === undefined ? [] : [position.column])].join(':')}: ${message}`,
    remedy,
  );

/** Finding a place in a larger document would take longer than reading it; the path has to do. */
const MAX_LOCATED_CHARS = 5_000_000;

/** The same for a value inside a document. @param text of the document, or of the line that the value is on */
export const badValue = (
  file: { readonly name: string; readonly text: string; readonly isYaml?: boolean; readonly line?: number },
  path: DocumentPath,
  message: string,
  remedy?: string,
): SquallError => {
  const source = file.text.length > MAX_LOCATED_CHARS ? undefined : (file.isYaml ? readYaml : readJson)(file.text);
  const found = source && !source.syntaxProblems ? source.locate(path, false) : undefined;
  const position = file.line === undefined ? found : { line: file.line, ...(found ? { column: found.column } : {}) };
  return badFile(file.name, position, `${path.length === 0 ? '' : `${formatPath(path)}: `}${message}`, remedy);
};
