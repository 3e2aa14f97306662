import type { Transport } from '../load/doors/door.ts';
import type { GatewayConfig } from '../serving/config.ts';

/** Where a system under test is reached, by what its door speaks: origins, e.g. `http://127.0.0.1:8080`. */
export type FrontDoors = Readonly<Partial<Record<Transport, string>>>;

/** What a system under test is started with. */
export interface SutOptions {
  /** Where every link is, and how to get in. Contains secrets. */
  readonly config: GatewayConfig;
  /** Port for HTTP to listen on; gRPC has the one after it. Absent takes free ones. */
  readonly port?: number;
  /** Something that it did, one sentence: a link taken out, a credential renewed. */
  readonly onEvent: (text: string) => void;
}

/** A system under test in the live world, whatever it is: a process of ours, a command, a container. */
export interface SystemUnderTest {
  /**
   * Its front doors, once it serves.
   * Rejects with a SquallError `PORT_IN_USE` or `GATEWAY_FAILED`.
   */
  readonly ready: Promise<FrontDoors>;
  /** Resolves when it has gone away, by itself or by `stop`. */
  readonly exited: Promise<SutExit>;
  /** Resolves when nothing of it is left. */
  stop(): Promise<void>;
}

export interface SutExit {
  /** In words, e.g. `the gateway was ended by SIGKILL`. */
  readonly text: string;
  /** The signal that ended it, where there was one. */
  readonly signal: string | null;
}

/** Starts a system under test; what it has started is in the result at once, so that it can be stopped before it is ready. */
export type StartSut = (options: SutOptions) => SystemUnderTest;
