import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { ACCESS_POLICIES, type Action } from './policies.ts';

/** Who wants what. */
export interface AccessQuestion {
  readonly subject: string;
  /** Of whoever asks. */
  readonly tenant: string;
  readonly scopes: readonly string[];
  readonly action: Action;
  /** A model's name; empty for the stack itself. */
  readonly model: string;
  /** On whose behalf it says that it asks. */
  readonly namedTenant: string;
}

export type Authorize = (question: AccessQuestion) => boolean;

/** Decisions that are remembered: they depend on the question alone. */
const MAX_KNOWN = 1024;
const SET = 'squall-access';

let isPrepared = false;

const prepare = (): void => {
  if (isPrepared) return;
  const answer = cedar.preparsePolicySet(SET, { staticPolicies: ACCESS_POLICIES });
  if (answer.type === 'failure') throw new TypeError(`The access policies are not Cedar: ${answer.errors[0]?.message}`);
  isPrepared = true;
};

const decide = ({ subject, tenant, scopes, action, model, namedTenant }: AccessQuestion): boolean => {
  const principal = { type: 'Caller', id: subject };
  const resource = { type: model === '' ? 'Stack' : 'Model', id: model };
  const answer = cedar.statefulIsAuthorized({
    principal,
    action: { type: 'Action', id: action },
    resource,
    context: { tenant: namedTenant },
    preparsedPolicySetId: SET,
    validateRequest: false,
    entities: [
      { uid: principal, attrs: { scopes: [...scopes], tenant }, parents: [] },
      { uid: resource, attrs: { scope: `predict:${model}` }, parents: [] },
    ],
  });
  // What Cedar cannot make sense of, it does not permit either.
  return answer.type === 'success' && answer.response.decision === 'allow' && answer.response.diagnostics.errors.length === 0;
};

/** Decides by the access policies. */
export const createAuthorize = (): Authorize => {
  const known = new Map<string, boolean>();
  return (question) => {
    const { subject, tenant, scopes, action, model, namedTenant } = question;
    const key = [action, model, subject, tenant, namedTenant, ...scopes].join('\n');
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    prepare();
    const isAllowed = decide(question);
    known.set(key, isAllowed);
    if (known.size > MAX_KNOWN) known.delete(known.keys().next().value!);
    return isAllowed;
  };
};
