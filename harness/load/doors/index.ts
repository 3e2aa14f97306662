import type { LoadDoor } from './door.ts';
import { events } from './events.ts';
import { graphql } from './graphql.ts';
import { grpc } from './grpc.ts';
import { createHttpDoor, type HttpRequestTemplate, http } from './http.ts';
import { jobs } from './jobs.ts';
import { rest } from './rest.ts';
import { stream } from './stream.ts';

/** Doors that a load can take: `load.door` of a scenario. */
export const loadDoors = { rest, grpc, graphql, http, jobs, events, stream } as const satisfies Readonly<
  Record<string, LoadDoor>
>;

export type DoorName = keyof typeof loadDoors;

export const doorNames = Object.keys(loadDoors) as readonly DoorName[];

/** The door of a load, with what the load itself says of it. */
export const doorOf = ({ door, http: template }: { readonly door: DoorName; readonly http?: HttpRequestTemplate }): LoadDoor =>
  door === 'http' && template ? createHttpDoor(template) : loadDoors[door];
