import type { DoctorCheck } from './check.ts';
import { composeCheck } from './compose.ts';
import { dockerCheck } from './docker.ts';
import { loopbackCheck } from './loopback.ts';
import { modelsCheck } from './models.ts';
import { nodeVersionCheck } from './node-version.ts';
import { processorsCheck } from './processors.ts';

/** What `squall doctor` looks at, in its order. */
export const doctorChecks: readonly DoctorCheck[] = [
  nodeVersionCheck(),
  processorsCheck,
  loopbackCheck,
  modelsCheck,
  dockerCheck(),
  composeCheck,
];
