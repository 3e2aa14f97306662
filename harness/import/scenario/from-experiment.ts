import { SquallError } from '../../errors.ts';
import { limits } from '../../scenario/limits.ts';
import type { GatewayRegion, RegionId } from '../../topology/regions.ts';
import { durationText } from '../fit/text.ts';
import type { ExpectedBound, Experiment, FaultDraft, Unimported } from '../incident.ts';
import type { MapRegion } from '../regions.ts';
import { shownName } from '../shown-name.ts';
import type { BoundsDraft, ScenarioDraft } from './draft.ts';
import { nameFaults } from './name-faults.ts';
import { regionDraft } from './regions.ts';

export interface ExperimentOptions {
  readonly name: string;
  readonly source: string;
  readonly mapRegion: MapRegion;
  readonly gateway: GatewayRegion;
  readonly speed?: number | undefined;
  readonly ratePerS?: number | undefined;
}

/** Quiet time before and after, milliseconds. */
const LEAD_MS = 8000;
const TAIL_MS = 6000;

/** A fault that ends as it begins has no pause after it: long enough to be seen, milliseconds. */
const LEAST_FAULT_MS = 5000;

/** Enough for a 95th percentile in a phase of a few seconds. */
const RATE_PER_S = 60;

/** Where no action says where something goes wrong. */
const FALLBACK_REGION: RegionId = 'aws/us-east-1';

const boundsDraft = (bounds: readonly ExpectedBound[]): BoundsDraft => ({
  bounds: Object.fromEntries(bounds.map(({ metric, bound }) => [metric, bound])),
  because: bounds.map(({ because }) => because).join(' '),
});

const NOTHING: BoundsDraft = {
  bounds: { availability: { min: '0%' } },
  because: 'The experiment has no hypothesis that is about answers: nothing is expected.',
};

/** What is on the links when the method is over is what the hypothesis has to hold under; otherwise it holds when all is over. */
const expectations = (experiment: Experiment, faults: readonly (FaultDraft & { readonly name: string })[], endMs: number) => {
  if (experiment.steadyState.length === 0) return { all: NOTHING };
  const bounds = boundsDraft(experiment.steadyState);
  const lasting = faults.filter(({ atMs, forMs }) => atMs + forMs >= endMs);
  return Object.fromEntries(
    (lasting.length > 0 ? lasting.map(({ name }) => name) : faults.length > 0 ? ['recovery'] : ['all']).map((phase) => [
      phase,
      bounds,
    ]),
  );
};

/**
 * Makes a scenario of an experiment: its actions are faults, its pauses the timeline, its hypothesis the steady state and what is expected.
 * @throws {SquallError} `BAD_SCENARIO` where its proxies stand for no region that is known
 */
export const scenarioFromExperiment = (
  experiment: Experiment,
  { name, source, mapRegion, gateway, speed = 1, ratePerS = RATE_PER_S }: ExperimentOptions,
): { readonly draft: ScenarioDraft; readonly unimported: readonly Unimported[] } => {
  const unimported: Unimported[] = [...experiment.unimported];
  const regionOf = (proxy: string): RegionId | undefined => {
    const host = experiment.proxies[proxy];
    return mapRegion(proxy) ?? (host ? mapRegion(host) : undefined);
  };
  const unknown = [...new Set(experiment.faults.map(({ target }) => target))].filter((proxy) => regionOf(proxy) === undefined);
  if (experiment.faults.length > 0 && unknown.length === new Set(experiment.faults.map(({ target }) => target)).size) {
    throw new SquallError(
      'BAD_SCENARIO',
      `${source}: no proxy stands for a region that is known: ${unknown.map(shownName).join(', ')}.`,
      `Say which region each is: --map ${shownName(unknown[0]!)}=aws/us-east-1`,
    );
  }
  for (const proxy of unknown) {
    const count = experiment.faults.filter(({ target }) => target === proxy).length;
    unimported.push({
      what: `${count === 1 ? 'a fault' : `${count} faults`} on proxy ${proxy}`,
      where: proxy,
      why: `no region is known by that name; --map ${proxy}=aws/us-east-1 says which it is`,
    });
  }
  const mapped = experiment.faults.flatMap((fault) => {
    const region = regionOf(fault.target);
    return region ? [{ ...fault, target: region as string }] : [];
  });
  for (const fault of mapped.slice(limits.faults)) {
    unimported.push({
      what: `${fault.kind} on ${fault.target}`,
      where: fault.because,
      why: `a scenario has at most ${limits.faults} faults`,
    });
  }
  const lengthMs = Math.max(LEAST_FAULT_MS, experiment.lengthMs / speed);
  const endMs = LEAD_MS + lengthMs;
  const durationMs = Math.ceil(endMs + TAIL_MS);
  if (durationMs > limits.durationMs) {
    throw new SquallError(
      'BAD_FLAG',
      `--speed: the experiment takes ${Math.ceil(durationMs / 1000)}s, and a scenario lasts for at most ${limits.durationMs / 1000}s.`,
      'Ask for a higher speed.',
    );
  }
  const faults = nameFaults(
    mapped.slice(0, limits.faults).map((fault) => {
      const atMs = Math.round(LEAD_MS + fault.atMs / speed);
      const stopMs = Math.round(LEAD_MS + (fault.atMs + fault.forMs) / speed);
      return { ...fault, atMs, forMs: Math.max(1, Math.min(stopMs, endMs) - atMs) };
    }),
  );
  const regions = [
    ...new Set([
      ...mapped.map(({ target }) => target as RegionId),
      ...Object.keys(experiment.proxies).flatMap((proxy) => regionOf(proxy) ?? []),
    ]),
  ];
  const steady = experiment.steadyState.length > 0 ? boundsDraft(experiment.steadyState) : null;
  return {
    unimported,
    draft: {
      name,
      title: experiment.title.replace(/\s+/g, ' ').trim().slice(0, 120) || name,
      description: experiment.description.trim().slice(0, 4000),
      head: [
        `Written by squall import from ${source}.`,
        `The experiment begins at ${durationText(LEAD_MS)}${speed === 1 ? '' : `, and is played ${speed} times as fast`}. Probes look at the front door: requests of the load.`,
      ],
      gateway,
      regions: (regions.length > 0 ? regions : [FALLBACK_REGION]).map((region) => {
        const { entry, because } = regionDraft(region, gateway, { p50Ms: null, p99Ms: null }, ratePerS);
        const names = Object.keys(experiment.proxies)
          .concat(experiment.faults.map(({ target }) => target))
          .filter((proxy) => regionOf(proxy) === region);
        return { entry, because: names.length > 0 ? `Proxy ${[...new Set(names)].join(', ')}.` : because };
      }),
      designs: null,
      defaultDesign: null,
      load: { rate: `${ratePerS}/s`, timeout: '2s' },
      warmup: '2s',
      durationMs,
      faults,
      steadyState: steady,
      expect: expectations(experiment, faults, endMs),
      recorded: null,
    },
  };
};
