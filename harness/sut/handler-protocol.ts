import type { GatewayConfig } from '../serving/config.ts';
import type { FailedMessage } from '../world/live/protocol.ts';

/** What the squall process tells the process of a user's handler. Contains secrets. */
export interface ToHandler {
  readonly type: 'start';
  /** URL of the module. */
  readonly module: string;
  /** The module as the user wrote it. */
  readonly title: string;
  readonly config: GatewayConfig;
  readonly environment: Readonly<Record<string, string>>;
  /** 0 takes a free one. */
  readonly port: number;
}

export type FromHandler = FailedMessage | { readonly type: 'ready'; readonly origin: string };
