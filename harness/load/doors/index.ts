import { createDatasetsDoor, type DatasetsLoad, datasets } from './datasets.ts';
import type { LoadDoor } from './door.ts';
import { events } from './events.ts';
import { createGraphqlDoor, type GraphqlOperation, graphql } from './graphql.ts';
import { grpc } from './grpc.ts';
import { createHttpDoor, type HttpRequestTemplate, http } from './http.ts';
import { jobs } from './jobs.ts';
import { rest } from './rest.ts';
import { stream } from './stream.ts';

/** Doors that a load can take: `load.door` of a scenario. */
export const loadDoors = { rest, grpc, graphql, http, jobs, events, stream, datasets } as const satisfies Readonly<
  Record<string, LoadDoor>
>;

export type DoorName = keyof typeof loadDoors;

export const doorNames = Object.keys(loadDoors) as readonly DoorName[];

/** What a load itself says of its door. */
interface LoadOfDoor {
  readonly door: DoorName;
  readonly http?: HttpRequestTemplate;
  readonly graphql?: GraphqlOperation;
  readonly data?: DatasetsLoad;
}

/** The door of a load, with what the load itself says of it. */
export const doorOf = ({ door, http: template, graphql: operation, data }: LoadOfDoor): LoadDoor => {
  if (door === 'datasets' && data) return createDatasetsDoor(data);
  if (door === 'http' && template) return createHttpDoor(template);
  return door === 'graphql' && operation ? createGraphqlDoor(operation) : loadDoors[door];
};
