import type { Condition, ServiceSpec } from '../../mocks/cloud/service.ts';
import type { Calls, ConformanceCase, Target } from './case.ts';

/** A target with the hand that makes the service go down. */
export interface Stage {
  readonly target: Target;
  /** The region's service answers as it does when it is down, until the stage is taken away. */
  takeDown(): Promise<void>;
}

/** What a service under test is asked, and with which client. */
interface Scene extends Stage {
  readonly spec: ServiceSpec;
  readonly subject: ConformanceCase;
  readonly calls: Calls;
}

/** A rate that no second call keeps, however slow the machine. */
const HARDLY_ANY_PER_S = 0.001;
/** A good call may be several requests of which only some count. */
const CALLS_UNTIL_THROTTLED = 5;

const required = (call: (() => Promise<unknown>) | undefined, name: string): Promise<unknown> => {
  if (!call) throw new TypeError(`the row promises an answer to this condition, and its case has no ${name}()`);
  return call();
};

/** How each condition is brought about. Each makes the call that must fail, after what must succeed. */
const general: Readonly<Record<Condition, (scene: Scene) => Promise<unknown>>> = {
  async 'forged-credential'({ target, subject }) {
    if (!subject.forge) throw new TypeError('the row promises to refuse forged credentials, and its case has no forge()');
    const forged = await subject.connect({ ...target, credential: subject.forge(target.credential) });
    try {
      await forged.good();
    } finally {
      await forged.close?.();
    }
  },
  async 'expired-credential'({ target, calls }) {
    await calls.good();
    await target.account.control({ type: 'expire-tokens' });
    await calls.good();
  },
  async 'revoked-credential'({ target, calls }) {
    await calls.good();
    await target.account.control({ type: 'revoke-credential', replacementAfterMs: null });
    await calls.good();
  },
  async 'missing-permission'({ target, spec, calls }) {
    await target.account.control({ type: 'set-permission', service: spec.service, operation: '*', isAllowed: false });
    await calls.good();
  },
  'malformed-request': ({ calls }) => required(calls.malformed, 'malformed'),
  'unknown-resource': ({ calls }) => required(calls.unknownResource, 'unknownResource'),
  'quota-exceeded': ({ calls }) => required(calls.exceedQuota, 'exceedQuota'),
  async throttled({ target, spec, calls }) {
    const { region } = target;
    await target.account.control({ type: 'set-quota', region, service: spec.service, requestsPerS: HARDLY_ANY_PER_S });
    for (let call = 0; call < CALLS_UNTIL_THROTTLED; call += 1) await calls.good();
  },
  async unavailable({ takeDown, calls }) {
    await takeDown();
    await calls.good();
  },
};

/** Conditions after which the same call succeeds again, with what lifts them. */
export const lifts: Partial<Readonly<Record<Condition, (target: Target, spec: ServiceSpec) => Promise<void>>>> = {
  'missing-permission': ({ account }, { service }) =>
    account.control({ type: 'set-permission', service, operation: '*', isAllowed: true }),
  throttled: ({ account, region }, { service }) => account.control({ type: 'set-quota', region, service, requestsPerS: null }),
};

/** Makes the condition happen. @returns the error that the SDK throws; `undefined` when nothing fails */
export const provoke = async (condition: Condition, scene: Scene): Promise<unknown> => {
  const own = scene.subject.conditions?.[condition];
  try {
    await (own ? own(scene.target, scene.calls, scene.takeDown) : general[condition](scene));
    return undefined;
  } catch (error) {
    if (error instanceof TypeError && /its case has no/.test(error.message)) throw error;
    return error;
  }
};
