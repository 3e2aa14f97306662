import type { CloudDefinition } from '../../mocks/cloud/cloud.ts';
import { SquallError } from '../errors.ts';
import { nearestNames } from '../nearest-names.ts';
import { knownRegions } from '../topology/round-trip.ts';
import { speaksGrpc } from './grpc-fronts.ts';
import type { CloudChoice } from './stage.ts';

const HIGHEST_PORT = 65_535;

/**
 * Sees to it that there are ports for the control API, for each endpoint, and for what answers over gRPC.
 * @param basePort of the control API; the others follow
 * @throws {SquallError} `BAD_FLAG` when they would go beyond the last
 */
export const checkPorts = (basePort: number, chosen: readonly CloudChoice[]): void => {
  const needed = 1 + chosen.reduce((sum, choice) => sum + countPorts(choice), 0);
  const highest = HIGHEST_PORT - needed + 1;
  if (basePort <= highest) return;
  throw new SquallError(
    'BAD_FLAG',
    `--port: ${needed} ports are needed, from ${basePort} on, and the last there is is ${HIGHEST_PORT}.`,
    `Name one from 1 to ${highest}, or fewer clouds and regions.`,
  );
};

const countPorts = ({ definition, regions }: CloudChoice): number =>
  definition.services.reduce((sum, { spec }) => {
    const endpoints = spec.isRegional ? regions.length : 1;
    return sum + endpoints * (speaksGrpc(spec) ? 2 : 1);
  }, 0);

/** Which clouds and regions are asked for; empty is all, and each cloud's own choice. */
export interface Wanted {
  readonly clouds: readonly string[];
  /** `region`, or `cloud/region`. */
  readonly regions: readonly string[];
}

/** Regions that can be named: a cloud's own choice, and those that scenarios know. */
const regionsKnownTo = ({ cloud, regions }: CloudDefinition): readonly string[] => [
  ...new Set([...regions, ...knownRegions.flatMap((id) => (id.startsWith(`${cloud}/`) ? id.slice(cloud.length + 1) : []))]),
];

const chooseClouds = (wanted: readonly string[], known: readonly CloudDefinition[]): readonly CloudDefinition[] => {
  const names = known.map(({ cloud }) => cloud);
  for (const name of wanted) {
    if (names.some((cloud) => cloud === name)) continue;
    throw new SquallError(
      'BAD_FLAG',
      `--cloud: no cloud is called "${name}".${nearestNames(name, names)}`,
      `There are: ${names.join(', ')}.`,
    );
  }
  return wanted.length === 0 ? known : known.filter(({ cloud }) => wanted.includes(cloud));
};

/**
 * Puts the wanted regions with the wanted clouds; a cloud that none of the named regions is of stands in its own.
 * @throws {SquallError} `BAD_FLAG` for a name that is not known
 */
export const choose = ({ clouds, regions }: Wanted, known: readonly CloudDefinition[]): readonly CloudChoice[] => {
  const chosen = chooseClouds(clouds, known);
  const all = chosen.flatMap((definition) => regionsKnownTo(definition).map((region) => ({ cloud: definition.cloud, region })));
  const wanted = regions.map((name) => {
    const found = all.filter(({ cloud, region }) => name === region || name === `${cloud}/${region}`);
    if (found.length > 0) return found;
    throw new SquallError(
      'BAD_FLAG',
      `--region: no region of ${chosen.map(({ cloud }) => cloud).join(', ')} is called "${name}".${nearestNames(
        name,
        all.map(({ region }) => region),
      )}`,
      `There are: ${all.map(({ cloud, region }) => `${cloud}/${region}`).join(', ')}.`,
    );
  });
  return chosen.map((definition) => {
    const named = wanted.flat().flatMap(({ cloud, region }) => (cloud === definition.cloud ? region : []));
    return { definition, regions: named.length > 0 ? [...new Set(named)] : definition.regions };
  });
};
