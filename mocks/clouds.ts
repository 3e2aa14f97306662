import type { CloudDefinition } from './cloud/cloud.ts';

/** Every cloud that squall emulates services of, in the order in which they are listed. */
export const clouds: readonly CloudDefinition[] = [];
