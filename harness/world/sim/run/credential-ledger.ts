import type { ControlCommand } from '../../../../mocks/control.ts';
import type { ProviderCredential, ProviderName } from '../../../../mocks/emulator.ts';
import type { Link } from '../../../topology/link.ts';
import type { LightRequest } from '../../fetch/request.ts';
import type { LightResponse } from '../../fetch/response.ts';
import type { CredentialStanding } from '../observations.ts';

/**
 * Who may call, kept apart from the emulators: from what they hand out over the network, and from what faults do to it. It does not check
 * signatures; it knows which keys and tokens are live.
 */
export interface CredentialLedger {
  /** The credential that a provider starts with. */
  issue(credential: ProviderCredential): void;
  /** A secret store or a token endpoint has answered. */
  onAnswer(link: Link, response: LightResponse): Promise<void>;
  /** A fault commands the provider's emulator. */
  onControl(provider: ProviderName, command: ControlCommand): void;
  standingOf(link: Link, request: LightRequest): CredentialStanding;
}

interface Entry {
  readonly provider: ProviderName;
  /** Tokens and sessions expire; keys are revoked. */
  readonly isToken: boolean;
  /** Epoch milliseconds. */
  readonly endsAtMs: number;
  standing: 'valid' | 'revoked' | 'expired';
}

/** Providers state ends in whole seconds. */
const ROUNDING_MS = 1000;

type Named = readonly [identity: string, isToken: boolean, endsAtMs: number];

/** What a call can show of a credential: the key id of a signature, a bearer, a key's name in a token that its holder signs. */
const namesOf = (credential: ProviderCredential): Named => {
  if (credential.provider === 'aws') {
    return [credential.accessKeyId, credential.sessionToken !== undefined, credential.expiresAtMs ?? Number.POSITIVE_INFINITY];
  }
  if (credential.provider === 'google') return [credential.privateKeyId, false, Number.POSITIVE_INFINITY];
  return [credential.endpointKey, false, Number.POSITIVE_INFINITY];
};

const KEY_ID_OF_JWT = (token: string): string | undefined => {
  try {
    return (JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { kid?: string }).kid;
  } catch {
    return undefined;
  }
};

export const createCredentialLedger = (epochNowMs: () => number): CredentialLedger => {
  const entries = new Map<string, Entry>();

  const learn = (provider: ProviderName, [identity, isToken, endsAtMs]: Named) => {
    if (!entries.has(identity)) entries.set(identity, { provider, isToken, endsAtMs, standing: 'valid' });
  };

  const end = (provider: ProviderName, standing: 'revoked' | 'expired', isAffected: (entry: Entry) => boolean) => {
    for (const entry of entries.values()) {
      if (entry.provider === provider && entry.standing === 'valid' && isAffected(entry)) entry.standing = standing;
    }
  };

  const shownIn = (authorization: string): Entry | undefined => {
    const signed = /Credential=([^/,\s]+)\//.exec(authorization)?.[1];
    if (signed !== undefined) return entries.get(signed);
    const bearer = /^Bearer (.+)$/i.exec(authorization)?.[1] ?? '';
    return entries.get(bearer) ?? entries.get(KEY_ID_OF_JWT(bearer) ?? '');
  };

  return {
    issue: (credential) => learn(credential.provider, namesOf(credential)),
    async onAnswer(link, response) {
      if (response.status !== 200 || (link.role !== 'secret' && link.role !== 'token')) return;
      const answer = (await response.clone().json()) as {
        credential?: ProviderCredential;
        access_token?: string;
        expires_in?: number | string;
      };
      if (answer.credential) learn(link.provider, namesOf(answer.credential));
      if (answer.access_token !== undefined) {
        learn(link.provider, [answer.access_token, true, epochNowMs() + Number(answer.expires_in ?? 3600) * 1000]);
      }
    },
    onControl(provider, command) {
      if (command.type === 'revoke-credential') end(provider, 'revoked', () => true);
      if (command.type === 'expire-tokens') end(provider, 'expired', (entry) => entry.isToken);
    },
    standingOf(_link, request) {
      const authorization = request.headers.get('authorization');
      if (!authorization) return 'missing';
      const entry = shownIn(authorization);
      if (!entry) return 'unknown';
      return entry.standing === 'valid' && epochNowMs() > entry.endsAtMs + ROUNDING_MS ? 'expired' : entry.standing;
    },
  };
};
