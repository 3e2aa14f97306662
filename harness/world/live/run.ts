import type { ProviderName } from '../../../mocks/emulator.ts';
import type { BoundFault } from '../../faults/bind.ts';
import type { RunIdentity } from '../../identity/run-identity.ts';
import type { PreparedSut } from '../../sut/sut.ts';
import type { Redactor } from '../redactor.ts';
import type { RunHooks, RunPlan } from '../world.ts';
import type { CleanUp } from './clean-up.ts';
import type { ContainerSource } from './containers/live-containers.ts';
import type { Access } from './credentials.ts';
import type { Ending } from './ending.ts';
import type { LiveParts } from './live-world.ts';
import type { Recorder } from './recorder.ts';
import type { RunGuard } from './run-guard.ts';

/** What the stages of one live run share. */
export interface LiveRun {
  readonly plan: RunPlan;
  readonly hooks: RunHooks;
  readonly faults: readonly BoundFault[];
  readonly accesses: ReadonlyMap<ProviderName, Access>;
  /** Absent where nobody issues tokens. */
  readonly identity?: RunIdentity;
  readonly redactor: Redactor;
  readonly parts: LiveParts;
  readonly sut: PreparedSut;
  /** Absent for a plan that starts none. */
  readonly containers?: ContainerSource;
  readonly recorder: Recorder;
  readonly guard: RunGuard;
  readonly cleanUp: CleanUp;
  readonly ending: Ending;
}
