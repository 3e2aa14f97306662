import { badBody, badProtocol, missingField } from './api-error.ts';
import { type FieldTypes, type Place, readFields } from './json-fields.ts';
import { type JsonValue, kindOf } from './json-value.ts';

/** What a proxy knows of what passes: bytes and toxics, or HTTP and rules. */
export type ProxyProtocol = 'tcp' | 'http';

/** What a proxy is made of. */
export interface ProxyInput {
  readonly name: string;
  /** Where it listens, e.g. `127.0.0.1:26379`; see `resolveListen`. */
  readonly listen: string;
  /** What it stands before, e.g. `localhost:6379`. */
  readonly upstream: string;
  readonly isEnabled: boolean;
  readonly protocol: ProxyProtocol;
}

/** What an update changes of it; undefined leaves it as it is. */
export type ProxyChange = { readonly [Key in Exclude<keyof ProxyInput, 'name' | 'protocol'>]?: ProxyInput[Key] | undefined };

const FIELDS: FieldTypes = { name: 'string', listen: 'string', upstream: 'string', enabled: 'bool', protocol: 'string' };

const PROXY: Place = { struct: 'toxiproxy.Proxy', fieldOf: (name) => `Proxy.${name}` };
/** An item of the list that `/populate` takes. */
const ITEM: Place = {
  struct: 'struct { toxiproxy.Proxy; Enabled *bool "json:\\"enabled\\"" }',
  fieldOf: (name) => (name === 'enabled' ? '.enabled' : `.Proxy.${name}`),
};

const readProtocol = (text = 'tcp'): ProxyProtocol => {
  if (text !== 'tcp' && text !== 'http') throw badProtocol(JSON.stringify(text));
  return text;
};

const readProxy = (document: JsonValue, place: Place) => {
  const fields = readFields(document, FIELDS, place);
  return {
    name: fields.get('name') as string | undefined,
    listen: fields.get('listen') as string | undefined,
    upstream: fields.get('upstream') as string | undefined,
    isEnabled: fields.get('enabled') as boolean | undefined,
    protocol: readProtocol(fields.get('protocol') as string | undefined),
  };
};

const complete = ({ name, listen, upstream, isEnabled, protocol }: ReturnType<typeof readProxy>, at: string): ProxyInput => {
  if (!name) throw missingField(`name${at}`);
  if (!upstream) throw missingField(`upstream${at}`);
  return { name, listen: listen ?? '', upstream, isEnabled: isEnabled ?? true, protocol };
};

/** @throws {ApiError} 400 */
export const readNewProxy = (document: JsonValue): ProxyInput => complete(readProxy(document, PROXY), '');

/** @throws {ApiError} 400 */
export const readProxyChange = (document: JsonValue): ProxyChange => {
  const { name: _, protocol: __, ...change } = readProxy(document, PROXY);
  return change;
};

/** All proxies of a list, or none when one of them is amiss. @throws {ApiError} 400 */
export const readProxies = (document: JsonValue): readonly ProxyInput[] => {
  if (document === null) return [];
  if (typeof document !== 'object' || document.type !== 'array')
    throw badBody(`json: cannot unmarshal ${kindOf(document)} into Go value of type []${ITEM.struct}`);
  const read = document.items.map((item) => readProxy(item, ITEM));
  return read.map((proxy, index) => complete(proxy, ` at proxy ${index + 1}`));
};
