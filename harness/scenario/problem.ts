import type { z } from 'zod';

/** A way into a document: names of mappings and indexes of lists, from the outside in. */
export type DocumentPath = readonly (string | number)[];

/** Something that is wrong with a scenario, and where. */
export interface Problem {
  readonly path: DocumentPath;
  /** What is wrong and what would be right; follows the path in the message. */
  readonly message: string;
  /** The name at the end of the path is wrong, not its value. */
  readonly isAboutKey?: true;
}

/** Takes a problem that is found while a scenario is put together. */
export type Report = (path: DocumentPath, message: string, isAboutKey?: true) => void;

/** E.g. `faults[0].for`; empty for the document itself. */
export const formatPath = (path: DocumentPath): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[\w-]+$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');

const toPath = (path: readonly PropertyKey[]): DocumentPath =>
  path.map((part) => (typeof part === 'number' ? part : String(part)));

/** An issue that says no more than that the whole value is of another type. */
const isAboutType = (issue: z.core.$ZodIssue): boolean =>
  issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');

/** Of the alternatives of a union the one that fits the value's type tells what is wrong; none, when the type fits no alternative. */
const fittingAlternative = (issue: z.core.$ZodIssueInvalidUnion): readonly z.core.$ZodIssue[] =>
  issue.errors.find((issues) => issues.length > 0 && !issues.some(isAboutType)) ?? [];

const problemsOfIssue = (issue: z.core.$ZodIssue, base: DocumentPath): readonly Problem[] => {
  const path = [...base, ...toPath(issue.path)];
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return issue.keys.map((key, index) => ({
      path: [...path, key],
      message: messages[index] ?? issue.message,
      isAboutKey: true,
    }));
  }
  if (issue.code === 'invalid_union') {
    const inner = fittingAlternative(issue);
    if (inner.length > 0) return inner.flatMap((issue) => problemsOfIssue(issue, path));
  }
  if (issue.code === 'invalid_key') {
    return [{ path, message: issue.issues[0]?.message ?? issue.message, isAboutKey: true }];
  }
  return [{ path, message: issue.message }];
};

/** All that zod found, one problem for each thing to mend. */
export const problemsOf = (error: z.ZodError): readonly Problem[] => error.issues.flatMap((issue) => problemsOfIssue(issue, []));
