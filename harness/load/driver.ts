import { type Drive, type DriveOptions, driveOver } from './drive-over.ts';
import { createLanes } from './lanes.ts';

/**
 * Sends a plan's load from this thread, by autocannon.
 * @throws {SquallError} `BAD_SCENARIO` for a plan that needs too many connections
 */
export const drive = (options: DriveOptions): Drive => driveOver(options, createLanes);
