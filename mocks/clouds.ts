import { aws } from './aws/cloud.ts';
import { azureCloud } from './azure/cloud.ts';
import type { CloudDefinition } from './cloud/cloud.ts';
import { google } from './google/cloud.ts';
import { huggingFace } from './huggingface/cloud.ts';
import { ibm } from './ibm/cloud.ts';
import { oracle } from './oracle/cloud.ts';

/** Every cloud that squall emulates services of, in the order in which they are listed. */
export const clouds: readonly CloudDefinition[] = [aws, google, azureCloud, ibm, oracle, huggingFace];
