import { isRecord, type JsonRecord } from '../records.ts';

/** Values of an experiment's configuration: as they stand there, or what an environment variable falls back to. */
const configured = (entry: unknown): unknown => (isRecord(entry) ? (entry.type === 'env' ? entry.default : undefined) : entry);

const REFERENCE = /\$\{([^}]+)\}/g;
const WHOLE = /^\$\{([^}]+)\}$/;

/** Puts configured values where `${name}` stands, in texts at any depth; one that nobody knows stays as it is. */
export const createSubstitution = (configuration: unknown): ((value: unknown) => unknown) => {
  const entries: JsonRecord = isRecord(configuration) ? configuration : {};
  const known = (name: string): unknown => (Object.hasOwn(entries, name) ? configured(entries[name]) : undefined);
  const substitute = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const whole = WHOLE.exec(value)?.[1];
      if (whole !== undefined) return known(whole) ?? value;
      return value.replace(REFERENCE, (text, name: string) => String(known(name) ?? text));
    }
    if (Array.isArray(value)) return value.map(substitute);
    if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, substitute(inner)]));
    return value;
  };
  return substitute;
};
