import { loadDoors } from './doors/index.ts';
import { type Drive, type DriveOptions, driveOver } from './drive-over.ts';
import { lanesFor } from './lanes-for.ts';

/**
 * Sends a plan's load from this thread, over real connections.
 * @throws {SquallError} as a rejection: `BAD_SCENARIO` for a plan that needs too many connections
 */
export const drive = async (options: DriveOptions): Promise<Drive> =>
  driveOver(options, await lanesFor(loadDoors[options.plan.door].transport));
