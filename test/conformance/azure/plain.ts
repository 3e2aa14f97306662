/** An answer that is no success, of a service that has no SDK. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

/** Asks as a client without an SDK does. @param codeIn where in the body of an error its code is */
export const ask = async (url: string, codeIn: (body: unknown) => unknown, init: RequestInit = {}): Promise<unknown> => {
  const response = await fetch(url, init);
  const text = await response.text();
  if (response.ok) return text === '' ? undefined : JSON.parse(text);
  let code: unknown;
  try {
    code = codeIn(JSON.parse(text));
  } catch {
    code = undefined;
  }
  throw new Refused(response.status, typeof code === 'string' ? code : `${response.status}`);
};

export const codeOf = (error: unknown): string => (error as Refused).code;
export const statusOf = (error: unknown): number => (error as Refused).status;
