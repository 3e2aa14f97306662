import { invalidParameter, missingParameter, notFound } from '../errors.ts';
import { type Call, readNumber } from '../operations.ts';
import { describeInstance } from './describe.ts';
import type { Instance, LifecycleState } from './instances.ts';

const STATES: readonly LifecycleState[] = [
  'PROVISIONING',
  'STARTING',
  'RUNNING',
  'STOPPING',
  'STOPPED',
  'TERMINATING',
  'TERMINATED',
];

/** States that the API knows and no instance here gets into. */
const OTHER_STATES = ['MOVING', 'CREATING_IMAGE'];

const PAGE = { min: 1, max: 1000, default: 1000 };

/** @throws {OciError} where the query names no compartment, or another than there is */
export const checkCompartment = ({ query, region }: Call): void => {
  const compartmentId = query.get('compartmentId');
  if (!compartmentId) throw missingParameter('compartmentId');
  if (compartmentId !== region.compartmentId) throw notFound();
};

/** A page of what is listed, and `opc-next-page` while there is more. @throws {OciError} for a page that is not one of these */
export const answerPage = <Item>({ query }: Call, items: readonly Item[], describe: (item: Item) => unknown): Response => {
  const limit = readNumber(query, 'limit', PAGE);
  const page = query.get('page');
  const from = page === null ? 0 : Number(/^page:(\d+)$/.exec(decodePage(page))?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) throw invalidParameter('page is not a token that a previous answer gave.');
  const next = from + limit;
  return Response.json(items.slice(from, next).map(describe), {
    headers: next < items.length ? { 'opc-next-page': btoa(`page:${next}`) } : {},
  });
};

const decodePage = (page: string): string => {
  try {
    return atob(page);
  } catch {
    return '';
  }
};

const readChoice = (query: URLSearchParams, name: string, choices: readonly string[]): string | undefined => {
  const value = query.get(name);
  if (value === null) return undefined;
  if (!choices.includes(value)) throw invalidParameter(`${name} must be one of ${choices.join(', ')}.`);
  return value;
};

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Newest first, or by name from A, unless the query turns it round. */
const sort = (instances: readonly Instance[], query: URLSearchParams): readonly Instance[] => {
  const by = readChoice(query, 'sortBy', ['TIMECREATED', 'DISPLAYNAME']) ?? 'TIMECREATED';
  const order = readChoice(query, 'sortOrder', ['ASC', 'DESC']) ?? (by === 'TIMECREATED' ? 'DESC' : 'ASC');
  const ascending = by === 'TIMECREATED' ? instances : instances.toSorted((a, b) => compare(a.displayName, b.displayName));
  return order === 'ASC' ? ascending : ascending.toReversed();
};

/** Answers `ListInstances`. @throws {OciError} */
export const listInstances = (call: Call): Response => {
  const { query, region } = call;
  checkCompartment(call);
  const wanted = {
    lifecycleState: readChoice(query, 'lifecycleState', [...STATES, ...OTHER_STATES]),
    displayName: query.get('displayName') ?? undefined,
    availabilityDomain: query.get('availabilityDomain') ?? undefined,
  };
  const matching = region.instances.all.filter((instance) =>
    (Object.keys(wanted) as (keyof typeof wanted)[]).every((key) => wanted[key] === undefined || wanted[key] === instance[key]),
  );
  return answerPage(call, sort(matching, query), (instance) => describeInstance(instance, region));
};
