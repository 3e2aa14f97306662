/** A field name is a token (RFC 9110, section 5.1). */
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** What a value must not hold: NUL, CR, LF, and what is no byte. */
const BAD_VALUE = /[\0\r\n]|[^\0-\xff]/;
/** Nothing to take away, and nothing bad. */
const PLAIN_VALUE = /^[!-~]([ -~]*[!-~])?$/;
const OUTER_WHITESPACE = /^[\t\r\n ]+|[\t\r\n ]+$/g;

/** Names that have been looked at, in lower case: programs use the same few over and over. */
const knownNames = new Map<string, string>();
const MAX_KNOWN_NAMES = 512;

const nameOf = (name: unknown): string => {
  const known = knownNames.get(name as string);
  if (known !== undefined) return known;
  const text = String(name);
  if (!NAME.test(text)) throw new TypeError(`Headers: ${text} is an invalid header name.`);
  const lower = text.toLowerCase();
  if (knownNames.size < MAX_KNOWN_NAMES) knownNames.set(text, lower);
  return lower;
};

const cleanValue = (value: unknown): string => {
  const given = String(value);
  if (PLAIN_VALUE.test(given)) return given;
  const text = given.replace(OUTER_WHITESPACE, '');
  if (BAD_VALUE.test(text)) throw new TypeError(`Headers: ${JSON.stringify(text)} is an invalid header value.`);
  return text;
};

/**
 * The Fetch standard's Headers over one map: what runs and emulators make by the ten thousand. Of what a browser forbids in some of them
 * nothing is forbidden, as in Node.
 */
export class LightHeaders {
  /** Names in lower case; several values joined. */
  readonly #values = new Map<string, string>();
  #cookies: string[] = [];
  /** Names in order; undefined when they have changed. */
  #sorted: readonly string[] | undefined;

  constructor(init?: HeadersInit | LightHeaders) {
    if (init === undefined) return;
    if (init === null || typeof init !== 'object') throw new TypeError('Headers constructor: init is not an object.');
    if (init instanceof LightHeaders) {
      for (const [name, value] of init.#values) this.#values.set(name, value);
      this.#cookies = [...init.#cookies];
    } else if (Symbol.iterator in init) {
      for (const pair of init as Iterable<readonly unknown[]>) {
        const [name, value, ...more] = [...pair];
        if (value === undefined || more.length > 0) throw new TypeError('Headers constructor: expected name/value pairs.');
        this.append(name as string, value as string);
      }
    } else {
      for (const name of Object.keys(init)) this.append(name, (init as Record<string, string>)[name] as string);
    }
  }

  /** @param raw as Node's HTTP parser has them, names and values checked and trimmed: name, value, name, value */
  static received(raw: readonly string[]): LightHeaders {
    const headers = new LightHeaders();
    const values = headers.#values;
    for (let index = 0; index < raw.length; index += 2) {
      const key = nameOf(raw[index]!);
      if (key === 'set-cookie' || values.has(key)) headers.append(key, raw[index + 1]!);
      else values.set(key, raw[index + 1]!);
    }
    return headers;
  }

  append(name: string, value: string): void {
    const key = nameOf(name);
    const text = cleanValue(value);
    if (key === 'set-cookie') this.#cookies.push(text);
    const before = this.#values.get(key);
    if (before === undefined) this.#sorted = undefined;
    this.#values.set(key, before === undefined ? text : `${before}${key === 'cookie' ? '; ' : ', '}${text}`);
  }

  delete(name: string): void {
    const key = nameOf(name);
    if (key === 'set-cookie') this.#cookies = [];
    if (this.#values.delete(key)) this.#sorted = undefined;
  }

  get(name: string): string | null {
    return this.#values.get(nameOf(name)) ?? null;
  }

  getSetCookie(): string[] {
    return [...this.#cookies];
  }

  has(name: string): boolean {
    return this.#values.has(nameOf(name));
  }

  set(name: string, value: string): void {
    const key = nameOf(name);
    const text = cleanValue(value);
    if (key === 'set-cookie') this.#cookies = [text];
    if (!this.#values.has(key)) this.#sorted = undefined;
    this.#values.set(key, text);
  }

  forEach(callback: (value: string, name: string, parent: LightHeaders) => void, thisArg?: unknown): void {
    for (const [name, value] of this) callback.call(thisArg, value, name, this);
  }

  *entries(): Generator<[string, string], undefined> {
    this.#sorted ??= [...this.#values.keys()].sort();
    for (const name of this.#sorted) {
      if (name !== 'set-cookie') yield [name, this.#values.get(name)!];
      else for (const cookie of this.#cookies) yield [name, cookie];
    }
  }

  /** All of them by name, in no order; several values joined. */
  toRecord(): Record<string, string> {
    const record: Record<string, string> = {};
    for (const [name, value] of this.#values) record[name] = value;
    return record;
  }

  /** Name, value, name, value, in no order: as Node's HTTP server takes them. */
  toRaw(): string[] {
    const raw: string[] = [];
    for (const [name, value] of this.#values) if (name !== 'set-cookie') raw.push(name, value);
    for (const cookie of this.#cookies) raw.push('set-cookie', cookie);
    return raw;
  }

  *keys(): Generator<string, undefined> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): Generator<string, undefined> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): Generator<[string, string], undefined> {
    return this.entries();
  }

  get [Symbol.toStringTag](): string {
    return 'Headers';
  }
}
