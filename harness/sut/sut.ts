import type { Transport } from '../load/doors/door.ts';
import type { Names } from '../names/names.ts';
import type { GatewayConfig } from '../serving/config.ts';
import type { IdentitySource } from '../tls/part-identity.ts';

/** Where a system under test is reached, by what its door speaks: origins, e.g. `http://127.0.0.1:8080`. */
export type FrontDoors = Readonly<Partial<Record<Transport, string>>>;

/** What the reference stack is started with. */
export interface ReferenceOptions {
  /** Where every link is, and how to get in. Contains secrets. */
  readonly config: GatewayConfig;
  /** What the names in `config` lead to; left out: they are addresses. */
  readonly names?: Names;
  /** Port for HTTP to listen on; gRPC has the one after it. Absent takes free ones. */
  readonly port?: number;
  /** What it proves itself by to other parts of the run; plain HTTP when left out. */
  readonly identity?: IdentitySource | undefined;
  /** Something that it did, one sentence: a link taken out, a credential renewed. */
  readonly onEvent: (text: string) => void;
}

/** What a system under test is started with, whatever it is. */
export interface SutOptions extends ReferenceOptions {
  /** `config` as environment variables for a system that is not ours; files that they name are written when this is called. Contains secrets. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** Folder of this machine, for this user alone, in which those files are, and others like them may be; it goes with the run. */
  readonly folder: string;
  /** Files that `environment` has written, by path: for a system that sees no files of this machine. Contains secrets. */
  readonly files: () => Readonly<Record<string, string>>;
  /** What the load's door speaks: ready is who answers there. */
  readonly transport: Transport;
  /** A line that it printed. */
  readonly onOutput: (line: OutputLine) => void;
}

/** A line that a system under test printed. */
export interface OutputLine {
  /** Standard output or standard error. */
  readonly stream: 'out' | 'err';
  readonly text: string;
}

/** A system under test in the live world, whatever it is: a process of ours, a command, a container. */
export interface SystemUnderTest {
  /**
   * Its front doors, once it serves.
   * Rejects with a SquallError `PORT_IN_USE`, `GATEWAY_FAILED`, or what is wrong with what the user named.
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

/** How a system under test comes to the links. */
export interface Reach {
  /** The name or address that it knows this machine by: the host of every origin that it is told. */
  readonly host: string;
  /** Addresses of this machine, beside loopback, at which links must listen for it; each belongs to a network of containers. */
  readonly listenHosts: readonly string[];
  /** It calls links over TLS where the clouds' own SDKs insist on it; plain HTTP everywhere when false. */
  readonly hasTls: boolean;
}

/** A system under test that was chosen, before anything of a run is up. */
export interface ChosenSut {
  /** As a report names it, e.g. `node server.js`; absent for the reference stack, whose designs have names. */
  readonly title?: string;
  /** URL of a module that the simulated world can run; absent for what it can't. */
  readonly module?: string;
  /** Somebody else starts it, who was told its links before: they stand at the same ports with the same credentials in every run. */
  readonly hasOwnStart?: true;
  /** Everything that a run must know before its links are up. What it opens for that is closed by `close`. */
  prepare(): Promise<PreparedSut>;
}

export interface PreparedSut {
  readonly reach: Reach;
  readonly start: StartSut;
  close(): Promise<void>;
}

/** Of a system on this machine, in a process. */
export const LOOPBACK_REACH: Reach = { host: '127.0.0.1', listenHosts: [], hasTls: true };
