import { type Caller, readCaller } from '../caller.ts';
import { BadRequest } from '../errors.ts';

/** What a caller of datasets says of itself and its request beyond what all callers say. */
export const DATA_HEADERS = {
  /** A name of the request that the caller chose: it stands in the answer and in the audit log. */
  id: 'x-squall-request-id',
  /** Where the caller is, e.g. `eu-west`. */
  region: 'x-squall-caller-region',
  /** What it reads for, e.g. `care`. */
  purpose: 'x-squall-purpose',
} as const;

export interface DataCaller extends Caller {
  readonly id: string;
  /** Empty when it does not say. */
  readonly region: string;
  readonly purpose: string;
}

/** These stand in a log: their length and letters are bounded. */
const WORD = /^[\w.:-]{1,64}$/;

/** @throws {BadRequest} with the header and what would be right */
export const readDataCaller = (header: (name: string) => string | null): DataCaller => {
  const word = (name: string): string => {
    const value = header(name);
    if (value === null || WORD.test(value)) return value ?? '';
    throw new BadRequest(
      `${name} is ${JSON.stringify(value)}; at most 64 letters, digits, dots, colons, dashes and underscores are expected.`,
    );
  };
  return {
    ...readCaller(header),
    id: word(DATA_HEADERS.id) || crypto.randomUUID(),
    region: word(DATA_HEADERS.region),
    purpose: word(DATA_HEADERS.purpose),
  };
};
