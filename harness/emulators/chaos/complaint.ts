import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** JSON Schema's name of the type that was expected: zod's own, but for whole numbers, whose schemas bring it as their message. */
const typeOf = ({ message, expected }: { readonly message: string; readonly expected: string }): string =>
  message === 'integer' ? message : expected;

/** A value as Python writes it: so the validator that LocalStack uses quotes it. */
const inPython = (value: unknown): string => {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
    return `${quote}${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll(quote, `\\${quote}`)}${quote}`;
  }
  if (Array.isArray(value)) return `[${value.map(inPython).join(', ')}]`;
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([name, member]) => `${inPython(name)}: ${inPython(member)}`)
      .join(', ')}}`;
  }
  return String(value);
};

const at = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], input);

const wordsOf = (issue: Issue, input: unknown): string => {
  const value = at(input, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const names = issue.keys.toSorted().map(inPython).join(', ');
      return `Additional properties are not allowed (${names} ${issue.keys.length === 1 ? 'was' : 'were'} unexpected)`;
    }
    case 'invalid_type':
      return value === undefined
        ? `${inPython(issue.path.at(-1))} is a required property`
        : `${inPython(value)} is not of type '${typeOf(issue)}'`;
    case 'invalid_format':
      return `${inPython(value)} does not match ${inPython(issue.pattern?.slice(1, -1))}`;
    case 'too_big':
      return issue.origin === 'string'
        ? `${inPython(value)} is too long`
        : `${inPython(value)} is greater than the maximum of ${issue.maximum}`;
    case 'too_small':
      return `${inPython(value)} is less than the minimum of ${issue.minimum}`;
    default:
      return issue.message;
  }
};

/** Most characters of a complaint: it may quote what was sent. */
const MAX_LENGTH = 2000;

/** What is wrong with an input, in the words that LocalStack's answers have (Python's jsonschema): of several mistakes the outermost. */
export const complaintOf = ({ issues }: z.ZodError, input: unknown): string => {
  const [first, ...rest] = issues;
  if (!first) return 'it is not as it should be';
  const outermost = rest.reduce((best, issue) => (issue.path.length < best.path.length ? issue : best), first);
  return wordsOf(outermost, input).slice(0, MAX_LENGTH);
};

/** What is wrong with a list that has the same rule twice. */
export const repeated = (rules: readonly unknown[]): string => `${inPython(rules).slice(0, MAX_LENGTH)} has non-unique elements`;
