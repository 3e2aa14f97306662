import type { LoadDoor } from './door.ts';
import { rest } from './rest.ts';

/** Doors that a load can take: `load.door` of a scenario. */
export const loadDoors = { rest } as const satisfies Readonly<Record<string, LoadDoor>>;

export type DoorName = keyof typeof loadDoors;

export const doorNames = Object.keys(loadDoors) as readonly DoorName[];
