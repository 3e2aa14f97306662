import type { ControlCommand, UsageReport } from '../../../mocks/control.ts';
import type { EmulatorConfig } from '../../../mocks/emulator.ts';
import type { SquallErrorCode } from '../../errors.ts';
import type { Transport } from '../../load/doors/door.ts';
import type { NameTable } from '../../names/names.ts';
import type { GatewayConfig } from '../../serving/config.ts';
import type { FrontDoors } from '../../sut/sut.ts';

/** Says that a child can't do what it was started for; the child ends behind it. */
export interface FailedMessage {
  readonly type: 'failed';
  /** One sentence. */
  readonly text: string;
  /** Present when the child knew what is wrong. */
  readonly code?: SquallErrorCode;
  readonly remedy?: string;
}

/** What the squall process tells an emulator's. `start` comes first and once; it contains secrets, which is why it comes this way. */
export type ToEmulator =
  | { readonly type: 'start'; readonly config: EmulatorConfig }
  | { readonly type: 'control'; readonly id: number; readonly command: ControlCommand }
  | { readonly type: 'usage'; readonly id: number };

/** What an emulator's process tells squall's. */
export type FromEmulator =
  | FailedMessage
  | { readonly type: 'ready'; readonly endpoints: readonly EndpointOrigin[] }
  | { readonly type: 'event'; readonly text: string }
  /** Handed out to a caller just now. */
  | { readonly type: 'secrets'; readonly secrets: readonly string[] }
  /** To the `control` or `usage` of that id. */
  | { readonly type: 'done'; readonly id: number; readonly usage?: readonly UsageReport[] }
  | { readonly type: 'refused'; readonly id: number; readonly text: string };

/** Where an endpoint of an emulator listens. */
export interface EndpointOrigin {
  readonly region: string;
  readonly service: string;
  readonly origin: string;
}

/** What names lead to, from now on. Comes before `start`, and with each change. */
export interface NamesMessage {
  readonly type: 'names';
  readonly table: NameTable;
}

/** What the squall process tells the gateway's. `start` comes once; it contains secrets. */
export type ToGateway =
  | NamesMessage
  | {
      readonly type: 'start';
      readonly config: GatewayConfig;
      /** 0 takes a free one. */
      readonly ports: Readonly<Record<Transport, number>>;
    };

/** What the gateway's process tells squall's. */
export type FromGateway =
  | FailedMessage
  | { readonly type: 'ready'; readonly doors: FrontDoors }
  | { readonly type: 'event'; readonly text: string };
