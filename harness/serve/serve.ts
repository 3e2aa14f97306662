import type { GatewayConfig } from '../serving/config.ts';
import { hostGateway } from '../world/live/host-gateway.ts';

export interface ServeOptions {
  readonly config: GatewayConfig;
  /** An address or a name of this machine. */
  readonly host: string;
  readonly ports: { readonly http: number; readonly grpc: number };
  /** Something that the gateway did, one sentence without secrets. */
  readonly onEvent: (text: string) => void;
  /** Aborted: it ends in order. */
  readonly signal: AbortSignal;
}

/** Less than the ten seconds that `docker stop` gives, and more than the deadline of a request. */
const DRAIN_WITHIN_MS = 8_000;

/**
 * The reference gateway standing alone, without a run around it: until the signal, when it lets requests under way end and takes no more.
 * @throws {SquallError} `PORT_IN_USE`, `BAD_FLAG` for a host that is not this machine's
 */
export const serve = async ({ config, host, ports, onEvent, signal }: ServeOptions): Promise<void> => {
  const gateway = await hostGateway({ config, host, ports, onEvent });
  if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  onEvent('asked to end: requests under way are answered, no more are taken');
  await gateway.drain(DRAIN_WITHIN_MS);
};
