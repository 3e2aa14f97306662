import { SquallError } from '../../errors.ts';
import type { LaneAnswer } from '../lane.ts';
import { callerHeaders, isSuccess, judgementOf, LOST, type LoadDoor } from './door.ts';
import { headerOf, marksIn } from './headers.ts';

/** A request of any HTTP API, as data: what `load.http` of a scenario says. */
export interface HttpRequestTemplate {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or text. Placeholders: {{id}}, {{model}}, {{pixels}}. Absent: no body. */
  readonly body?: unknown;
  /** Where an answer's JSON has the label that was predicted, e.g. `0.label`; absent: answers are not compared with labels. */
  readonly label?: string;
  /** Header that says who served, in place of `x-squall-served-by`; in lower case. */
  readonly servedByHeader?: string;
}

const ENVIRONMENT = /\{\{env\.([A-Za-z_][A-Za-z0-9_]*)\}\}/g;

/**
 * Fills in `{{env.NAME}}`, what the system under test is told by its environment: a key that its callers have to bring, or an endpoint.
 * @throws {SquallError} `BAD_SCENARIO` for a variable that it is not told
 */
export const fillEnvironment = (
  template: HttpRequestTemplate,
  environment: Readonly<Record<string, string>>,
): HttpRequestTemplate => {
  const fill = (text: string) =>
    text.replace(ENVIRONMENT, (_, name: string) => {
      const value = environment[name];
      if (value !== undefined) return value;
      throw new SquallError(
        'BAD_SCENARIO',
        `load.http: the system under test is told no ${name}.`,
        `It is told ${Object.keys(environment).join(', ')}.`,
      );
    });
  // Within JSON a value is a part of a string.
  const fillJson = (content: unknown): unknown =>
    JSON.parse(JSON.stringify(content), (_, value: unknown) => (typeof value === 'string' ? fill(value) : value)) as unknown;
  const { path, headers, body } = template;
  return {
    ...template,
    path: fill(path),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)])),
    ...(body === undefined ? {} : { body: fillJson(body) }),
  };
};

/** Open Inference Protocol, so that a scenario that says no more can be run. */
const DEFAULT: HttpRequestTemplate = {
  method: 'POST',
  path: '/v2/models/{{model}}/infer',
  headers: {},
  body: { id: '{{id}}', inputs: [{ name: 'pixels', shape: [1, 64], datatype: 'FP32', data: '{{pixels}}' }] },
  label: 'outputs.0.data.0',
};

/** What follows a path of keys and indices, e.g. `choices.0.message.content`; undefined where there is nothing. */
const at = (content: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    content,
  );

const labelOf = (value: unknown): number | null => {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const label = Number(value);
  return Number.isNaN(label) ? null : label;
};

/** A door of the user's own: requests as a template says, answers judged by their status, and by a label where one is named. */
export const createHttpDoor = (template: HttpRequestTemplate): LoadDoor => {
  const path = template.label?.split('.');
  const predictedIn = (body: string): number | null => {
    if (!path) return null;
    try {
      return labelOf(at(JSON.parse(body), path));
    } catch {
      return null;
    }
  };
  const marksOf = ({ status, headers }: LaneAnswer) => {
    const marks = marksIn(headers);
    const servedBy = template.servedByHeader === undefined ? marks.servedBy : headerOf(headers, template.servedByHeader);
    return { status, ...marks, servedBy };
  };
  return {
    summary: 'Any HTTP API: `load.http` says what a request is, and where an answer has its label',
    transport: 'http',
    requests(model, samples) {
      const text =
        template.body === undefined ? '' : typeof template.body === 'string' ? template.body : JSON.stringify(template.body);
      const fill = (within: string) => within.replaceAll('{{model}}', model);
      const bodies = samples.map(({ pixels }) => {
        const list = JSON.stringify(pixels);
        // Quoted, it stands for the list as a whole.
        return fill(text).replaceAll('"{{pixels}}"', list).replaceAll('{{pixels}}', list);
      });
      const type = typeof template.body === 'string' ? 'text/plain' : 'application/json';
      const headers = { ...(template.body === undefined ? {} : { 'content-type': type }), ...template.headers };
      return ({ id, sampleIndex, caller }) => ({
        id,
        sampleIndex,
        method: template.method,
        path: fill(template.path).replaceAll('{{id}}', encodeURIComponent(id)),
        headers: {
          ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value).replaceAll('{{id}}', id)])),
          ...callerHeaders(caller),
        },
        body: bodies[sampleIndex]!.replaceAll('{{id}}', id),
      });
    },
    marksOf,
    judge(end, label) {
      if (end.type === 'lost') return LOST;
      const judgement = judgementOf(marksOf(end), isSuccess(end.status) ? predictedIn(end.body as string) : null, label);
      return end.status === 503 && headerOf(end.headers, 'retry-after') !== '' ? { ...judgement, isShed: true } : judgement;
    },
    answersTo: ({ status }) => (isSuccess(status) ? 1 : 0),
    holds: ({ body }, { label }) => !path || predictedIn(body as string) === label,
  };
};

export const http: LoadDoor = createHttpDoor(DEFAULT);
