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

/** @param onError the proxy can't accept a connection */
export const createSwitchedUpstream = (origin: string, seed: number, onError: (error: Error) => void): SwitchedUpstream => {
  const direct = createUpstream(origin);
  let rules: readonly HttpRule[] = [];
  let through: FaultyWay | undefined;
  let opening: Promise<FaultyWay> | undefined;

  const open = async (): Promise<FaultyWay> => {
    const proxy = await createHttpProxy({
      listen: { host: HOST, port: 0 },
      upstream: { host: HOST, port: Number(new URL(origin).port) },
      seed,
      alarms: createAlarms(),
      onError,
    });
    return { proxy, upstream: createUpstream(`http://${HOST}:${proxy.address.port}`) };
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
