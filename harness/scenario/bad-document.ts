import { SquallError } from '../errors.ts';
import { formatPath, type Problem } from './problem.ts';
import type { Position, Source, SyntaxProblem } from './source.ts';

const MAX_SHOWN_PROBLEMS = 20;
/** Looking for a problem's place reads what is around it: of a file with thousands of them only these are looked for. */
const MAX_PLACED_PROBLEMS = 200;

const line = (file: string, position: Position | undefined, text: string): string =>
  `${[file, ...(position ? [position.line, position.column] : [])].join(':')}: ${text}`;

const bad = (lines: readonly string[], count = lines.length): SquallError => {
  const hidden = count - Math.min(lines.length, MAX_SHOWN_PROBLEMS);
  const more = hidden > 0 ? [`... and ${hidden} more`] : [];
  return new SquallError('BAD_SCENARIO', [...lines.slice(0, MAX_SHOWN_PROBLEMS), ...more].join('\n'));
};

const describe = ({ path, message }: Problem): string => (path.length === 0 ? message : `${formatPath(path)}: ${message}`);

/** For a file that can't be read as what it is: one line for each problem, with its place. */
export const badSyntax = (file: string, problems: readonly SyntaxProblem[]): SquallError =>
  bad(problems.map(({ message, position }) => line(file, position, message)));

/** For a file that says something wrong: one line for each problem, with file, line, column and path, from the top down. */
export const badDocument = (
  file: string,
  source: Extract<Source, { readonly content: unknown }>,
  problems: readonly Problem[],
): SquallError => {
  const placed = problems
    .slice(0, MAX_PLACED_PROBLEMS)
    .map((problem) => ({ problem, position: source.locate(problem.path, problem.isAboutKey ?? false) }));
  placed.sort((a, b) => (a.position?.line ?? 0) - (b.position?.line ?? 0));
  const lines = placed.map(({ problem, position }) => line(file, position, describe(problem)));
  return bad(lines, problems.length);
};
