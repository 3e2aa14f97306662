import type { Certificates } from '../../tls/certificates.ts';
import type { IdentitySource } from '../../tls/part-identity.ts';
import { createHttpProxy, type HttpProxy } from '../http/http-proxy.ts';
import type { HttpRule } from '../http/rules/rule.ts';
import { createAlarms } from '../tcp/alarms.ts';
import { createUpstream, type Upstream } from './upstream.ts';

/** The way from a link to its emulator, which leads through an HTTP fault proxy while there are rules for it. */
export interface SwitchedUpstream extends Upstream {
  /** Rules may have cut an exchange that was sent: its failure is theirs. */
  readonly isFaulted: boolean;
  /** For requests from now on. */
  setRules(rules: readonly HttpRule[]): Promise<void>;
}

/** Through the proxy. */
interface FaultyWay {
  readonly proxy: HttpProxy;
  readonly upstream: Upstream;
}

const HOST = '127.0.0.1';

export interface SwitchedUpstreamOptions {
  /** The proxy can't accept a connection. */
  readonly onError: (error: Error) => void;
  /** The emulator speaks TLS, and so does the way to it; left out, plain HTTP. */
  readonly secured?: { readonly certificates: Certificates; readonly identity: IdentitySource };
}

export const createSwitchedUpstream = (
  origin: string,
  seed: number,
  { onError, secured }: SwitchedUpstreamOptions,
): SwitchedUpstream => {
  const identity = secured?.identity;
  const direct = createUpstream(origin, identity);
  let rules: readonly HttpRule[] = [];
  let through: FaultyWay | undefined;
  let opening: Promise<FaultyWay> | undefined;

  const open = async (): Promise<FaultyWay> => {
    const proxy = await createHttpProxy({
      listen: { host: HOST, port: 0 },
      upstream: { host: HOST, port: Number(new URL(origin).port), ...(identity ? { tls: { identity } } : {}) },
      ...(secured ? { certificates: secured.certificates } : {}),
      seed,
      alarms: createAlarms(),
      onError,
    });
    return { proxy, upstream: createUpstream(`${secured ? 'https' : 'http'}://${HOST}:${proxy.address.port}`, identity) };
  };

  const wayOf = () => (rules.length > 0 && through ? through.upstream : direct);

  return {
    get isFaulted() {
      return wayOf() !== direct;
    },
    send: (request, signal) => wayOf().send(request, signal),
    async setRules(next) {
      rules = next;
      // Faults may begin and end while it is opened: the last word counts, and there is one proxy.
      if (next.length > 0) {
        opening ??= open();
        through = await opening;
      }
      through?.proxy.setRules(rules);
    },
    async close() {
      const opened = await opening?.catch(() => undefined);
      await Promise.all([direct.close(), opened?.upstream.close(), opened?.proxy.close()]);
    },
  };
};
