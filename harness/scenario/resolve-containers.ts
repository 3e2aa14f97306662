import type { ContainerLimits } from '../containers/spec.ts';
import { variableSuffix } from '../topology/variable-suffix.ts';
import type { ParsedContainers } from './containers-block.ts';
import { limits } from './limits.ts';
import type { Report } from './problem.ts';
import type { ScenarioContainer } from './scenario.ts';

type Parsed = ParsedContainers[string];

/** Schemes by the port that a program has by default. */
const SCHEMES: Readonly<Record<number, string>> = { 6379: 'redis', 5432: 'postgres', 4222: 'nats' };

const limitsOf = ({ cpus, memory }: Parsed): ContainerLimits => ({
  ...(cpus === undefined ? {} : { cpus }),
  ...(memory === undefined ? {} : { memoryMb: memory }),
});

const sourceOf = (given: Parsed): ScenarioContainer['source'] => {
  const { url, localstack, image, port = 0, command, env: environment = {}, ready = {} } = given;
  // Of a scheme of its own a URL has no origin.
  if (url !== undefined) {
    const { protocol, host } = new URL(url);
    return { type: 'url', origin: `${protocol}//${host}` };
  }
  if (localstack) {
    return { type: 'localstack', ...(image === undefined ? {} : { image }), environment, limits: limitsOf(given) };
  }
  return {
    type: 'image',
    image: image!,
    port,
    scheme: given.scheme ?? (isHttp(given) ? 'http' : (SCHEMES[port] ?? 'tcp')),
    ...(command ? { command } : {}),
    environment,
    ready: {
      ...(ready.log === undefined ? {} : { log: ready.log }),
      ...(ready.path === undefined ? {} : { path: ready.path }),
      ...(ready.within === undefined ? {} : { withinMs: ready.within }),
    },
    limits: limitsOf(given),
  };
};

const isHttp = ({ http, localstack, aws, url }: Parsed): boolean =>
  http === true || localstack !== undefined || aws !== undefined || /^https?:/.test(url ?? '');

/** `sut.log` of the run's folder is what the system under test prints. */
const RESERVED = ['sut'];

/**
 * Containers of a topology in the order of the file. An SDK finds a service of AWS in one place, and a variable of the system under test has one
 * meaning.
 * @param regions of the topology, whose links have variables too
 */
export const resolveContainers = (
  parsed: ParsedContainers,
  regions: readonly { readonly provider: string; readonly region: string }[],
  report: Report,
): readonly ScenarioContainer[] => {
  const links = new Map(regions.map(({ provider, region }) => [variableSuffix(provider, region), `${provider}/${region}`]));
  const entries = Object.entries(parsed);
  if (entries.length > limits.containers) report(['topology', 'containers'], `expected at most ${limits.containers} containers`);
  const placed = new Map<string, string>();
  return entries.map(([name, given]): ScenarioContainer => {
    const suffix = variableSuffix(name);
    const link = links.get(suffix);
    if (link !== undefined) {
      const message = `the variable SQUALL_ADDRESS_${suffix} is that of the link to ${link}; expected another name`;
      report(['topology', 'containers', name], message, true);
    }
    if (RESERVED.includes(name))
      report(['topology', 'containers', name], 'is the system under test; expected another name', true);
    const awsServices = given.localstack ?? given.aws ?? [];
    for (const service of awsServices) {
      const other = placed.get(service);
      if (other !== undefined) {
        const setting = given.localstack ? 'localstack' : 'aws';
        report(['topology', 'containers', name, setting], `SDKs find ${service} in ${other} already; expected it once`);
      }
      placed.set(service, name);
    }
    return { name, rttMs: given.rtt, isHttp: isHttp(given), awsServices, source: sourceOf(given) };
  });
};
