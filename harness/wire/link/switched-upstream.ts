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

const HOST = '127.0.0.1';

/** @param onError the proxy can't accept a connection */
export const createSwitchedUpstream = (origin: string, seed: number, onError: (error: Error) => void): SwitchedUpstream => {
  const direct = createUpstream(origin);
  let through: { readonly proxy: HttpProxy; readonly upstream: Upstream } | undefined;
  let isFaulted = false;

  const open = async () => {
    const proxy = await createHttpProxy({
      listen: { host: HOST, port: 0 },
      upstream: { host: HOST, port: Number(new URL(origin).port) },
      seed,
      alarms: createAlarms(),
      onError,
    });
    return { proxy, upstream: createUpstream(`http://${HOST}:${proxy.address.port}`) };
  };

  return {
    get isFaulted() {
      return isFaulted;
    },
    send: (request, signal) => (isFaulted ? through!.upstream : direct).send(request, signal),
    async setRules(rules) {
      if (rules.length > 0) through ??= await open();
      through?.proxy.setRules(rules);
      isFaulted = rules.length > 0;
    },
    async close() {
      await Promise.all([direct.close(), through?.upstream.close(), through?.proxy.close()]);
    },
  };
};
