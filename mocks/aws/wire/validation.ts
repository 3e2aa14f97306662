import { z } from 'zod';
import { AwsError, frontEndError } from '../errors.ts';

type Issue = z.core.$ZodIssue;

const camelCase = (name: string): string => name.slice(0, 1).toLowerCase() + name.slice(1);

/** Members by path as AWS writes it in its messages, e.g. `productionVariants.1.member.variantName`. */
const memberOf = ({ path }: Issue): string =>
  path.map((part) => (typeof part === 'number' ? `${part + 1}.member` : camelCase(String(part)))).join('.');

const at = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], input);

const constraintOf = (issue: Issue): string => {
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `Member must have length less than or equal to ${issue.maximum}`
        : `Member must have value less than or equal to ${issue.maximum}`;
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `Member must have length greater than or equal to ${issue.minimum}`
        : `Member must have value greater than or equal to ${issue.minimum}`;
    case 'invalid_format':
      return `Member must satisfy regular expression pattern: ${issue.pattern?.replace(/^\/\^?|\$?\/\w*$/g, '') ?? issue.format}`;
    case 'invalid_value':
      return `Member must satisfy enum value set: [${issue.values.map(String).join(', ')}]`;
    case 'invalid_type':
      return 'Member must not be null';
    case 'custom':
      return issue.message;
    default:
      return 'Member must have a value of the kind that the service model gives it';
  }
};

const describe = (issue: Issue, input: unknown): string => {
  const value = at(input, issue.path);
  const shown =
    value === undefined ? 'null' : `'${typeof value === 'object' ? JSON.stringify(value) : String(value)}'`.slice(0, 200);
  return `Value ${shown} at '${memberOf(issue)}' failed to satisfy constraint: ${constraintOf(issue)}`;
};

/**
 * Holds an input to its shape, as AWS's front ends do: wrong types first, then constraints, all of them in one message.
 * Members that the shape lacks are passed over, as these services pass over them.
 * @param code of the refusal, e.g. `ValidationException`
 * @throws {AwsError} `SerializationException`, or `code`
 */
export const validate = <Schema extends z.ZodType>(schema: Schema, input: unknown, code: string): z.output<Schema> => {
  const { data, error } = schema.safeParse(input);
  if (!error) return data;
  const wrongType = error.issues.find((issue) => issue.code === 'invalid_type' && at(input, issue.path) !== undefined);
  if (wrongType?.code === 'invalid_type') {
    throw frontEndError('SerializationException', `${memberOf(wrongType)}: a ${wrongType.expected} is expected.`, 400);
  }
  const { issues } = error;
  const messages = issues.map((issue) => describe(issue, input)).join('; ');
  throw new AwsError(code, 400, {
    message: `${issues.length} validation error${issues.length === 1 ? '' : 's'} detected: ${messages}`,
  });
};

/** A number, or a flag, that came as text in a form. */
export const formInteger = z.preprocess(
  (value) => (typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value),
  z.int(),
);
export const formBoolean = z.enum(['true', 'false']).transform((value) => value === 'true');

const parameterOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => (typeof part === 'number' ? part + 1 : String(part))).join('.');

/**
 * Holds a form to its shape, as EC2 does: it names the first mistake, and takes no parameter that it does not know.
 * @throws {AwsError} `UnknownParameter`, `MissingParameter`, `InvalidParameterValue`
 */
export const validateEc2 = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> => {
  const { data, error } = schema.safeParse(input);
  if (!error) return data;
  const [issue] = error.issues;
  if (!issue) throw error;
  if (issue.code === 'unrecognized_keys') {
    const parameter = parameterOf([...issue.path, issue.keys[0] ?? '']);
    throw ec2Error('UnknownParameter', `The parameter ${parameter} is not recognized`);
  }
  const value = at(input, issue.path);
  const parameter = parameterOf(issue.path);
  if (value === undefined) throw ec2Error('MissingParameter', `The request must contain the parameter ${parameter}`);
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
  throw ec2Error(
    'InvalidParameterValue',
    `Value (${shown.slice(0, 200)}) for parameter ${parameter} is invalid. ${constraintOf(issue).replace(/^Member must/, 'It must')}`,
  );
};

/** An error of EC2's own. 400 for a caller's mistake. */
export const ec2Error = (code: string, message: string, status = 400): AwsError => new AwsError(code, status, { message });
