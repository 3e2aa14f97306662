/** What the look-up of a name comes to while a fault holds it. Only connections that are yet to be made need one: open ones go on. */
export type NameFailure =
  /** The resolver answers that there is no such name: `ENOTFOUND`, at once. */
  | { readonly type: 'not-found' }
  /**
   * The resolver does not answer. It is asked twice, at once and after half of `giveUpAfterMs`, and is believed the second time if the fault
   * is over by then; else `EAI_AGAIN`.
   */
  | { readonly type: 'no-answer'; readonly giveUpAfterMs: number };

/** `code` and `errno` of Node's own errors: lib/internal/errors.js makes ENOTFOUND of EAI_NONAME; numbers by `util.getSystemErrorMap`, Node 24, November 2026. */
const LOOKUP_ERRORS = {
  'not-found': { code: 'ENOTFOUND', errno: -3008 },
  'no-answer': { code: 'EAI_AGAIN', errno: -3001 },
} as const satisfies Record<NameFailure['type'], { readonly code: string; readonly errno: number }>;

/** The error of a failed look-up, as Node's `dns.lookup` gives it. */
export const lookupError = (type: NameFailure['type'], hostname: string): NodeJS.ErrnoException => {
  const { code, errno } = LOOKUP_ERRORS[type];
  return Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), { errno, code, syscall: 'getaddrinfo', hostname });
};

/** Which of several faults' failures a look-up meets: where nobody answers, nobody says that there is no such name; the most patient one counts. */
export const strongestNameFailure = (failures: readonly NameFailure[]): NameFailure | undefined =>
  failures.toSorted((a, b) => patienceMs(b) - patienceMs(a))[0];

const patienceMs = (failure: NameFailure): number => (failure.type === 'no-answer' ? failure.giveUpAfterMs : 0);
