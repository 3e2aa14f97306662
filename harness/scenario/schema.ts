import { z } from 'zod';
import type { BillingMode, ProviderName } from '../../mocks/emulator.ts';
import { gatewayRegionNames } from '../topology/regions.ts';
import { abortBlock } from './abort-block.ts';
import { containersBlock } from './containers-block.ts';
import { dataBlock } from './data-block.ts';
import { designPatch } from './design-patch.ts';
import { shown } from './explain.ts';
import { exploreBlock } from './explore-block.ts';
import { faultEntry } from './fault-entry.ts';
import { limits } from './limits.ts';
import { loadBlock } from './load-block.ts';
import { metricBounds } from './metric-bounds.ts';
import { name } from './name.ts';
import { recordedBlock } from './recorded-block.ts';
import { registryBlock } from './registry-block.ts';
import { duration } from './units.ts';

const providerNames = ['aws', 'google', 'azure'] as const satisfies readonly ProviderName[];

const positive = duration.refine((ms) => ms > 0, 'expected more than 0s');

const capacity = z.strictObject({
  serviceTime: positive.optional().describe('Median time that one prediction holds a slot.'),
  serviceTimeSigma: z
    .number()
    .min(0)
    .max(3)
    .optional()
    .describe('Spread around it: sigma of a log-normal distribution, 0 is constant.'),
  concurrency: z.number().int().min(1).max(1000).optional().describe('Predictions served at the same time.'),
  queueLimit: z.number().int().min(0).max(10_000).optional().describe('Requests that wait for a slot; one more is throttled.'),
  startup: duration.optional().describe('From the launch of a further instance until it serves; 5s when left out.'),
  coldStart: duration
    .optional()
    .describe('From a request that finds no serverless environment until there is one; 1s when left out.'),
});

const billing = z.enum(['provisioned', 'by-use', 'serverless'] satisfies readonly BillingMode[]);

const REGION_FORM = `provider/region, such as aws/us-east-1; providers: ${providerNames.join(', ')}`;

const regionName = z.string().regex(new RegExp(`^(?:${providerNames.join('|')})/[a-z0-9-]+$`), {
  error: ({ input }) => `expected ${REGION_FORM}; got ${shown(input)}`,
});

const region = z.strictObject({
  region: regionName,
  instance: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe("The provider's name of the instance type; its default has the first price."),
  usdPerHour: z
    .number()
    .positive()
    .max(1000)
    .optional()
    .describe('Price of an instance hour, where the price book has none, or another.'),
  rtt: duration.optional().describe('Round trip from the gateway, where the table has none, or another.'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, "expected a country's code of two capital letters, such as DE")
    .optional()
    .describe('Where it stands, for data that has to stay somewhere: where the table has none.'),
  capacity: capacity.optional(),
  billing: billing.optional().describe("How it is paid for; the topology's own when left out."),
});

const topology = z.strictObject({
  gateway: z.enum(gatewayRegionNames).prefault('us-east').describe('Where the gateway stands.'),
  regions: z
    .array(
      z.union([regionName, region], {
        error: ({ input }) => `expected ${REGION_FORM}, or a mapping with region; got ${shown(input)}`,
      }),
    )
    .min(1)
    .max(limits.regions)
    .describe('Where the model is served, in order of priority.'),
  containers: containersBlock.optional().describe('Real dependencies of a system under test; live only.'),
  capacity: capacity.optional().describe('Of every region that does not say otherwise.'),
  billing: billing
    .prefault('provisioned')
    .describe('What is paid for: instances by the hour, used or not; or of them what is used; or requests by the second.'),
});

/** A scenario file: what YAML, JSON and TypeScript files hold. docs/scenarios.md describes it. */
export const scenarioFile = z.strictObject({
  name: name.optional().describe("The file's name when left out."),
  title: z.string().min(1).max(120).optional().describe('One line.'),
  description: z.string().max(4000).prefault('').describe('What it proves.'),
  topology,
  design: designPatch.optional().describe('What every design of this scenario has other than the reference.'),
  designs: z.record(name, designPatch).optional().describe('Further designs by name, each what differs from the one above.'),
  defaultDesign: name.optional().describe('Design when none is asked for; reference when left out.'),
  badDesigns: z
    .array(name)
    .min(1)
    .optional()
    .describe('Designs that the scenario is there to fail: what it proves, it proves by these.'),
  load: loadBlock,
  registry: registryBlock.optional().describe('The model registry of the stack; none when left out.'),
  data: dataBlock.optional().describe('Datasets of the stack, and who reads them; none when left out.'),
  warmup: duration
    .refine((ms) => ms <= limits.warmupMs, 'expected at most 5m')
    .prefault('2s')
    .describe('Load before measuring starts.'),
  duration: positive.refine((ms) => ms <= limits.durationMs, 'expected at most 1h').describe('Length of the measured timeline.'),
  faults: z.array(faultEntry).max(limits.faults).prefault([]),
  steadyState: metricBounds.optional().describe('Must hold before the first fault, or the run is invalid.'),
  expect: z.record(z.string(), metricBounds).describe('By phase: baseline, a fault by its name, recovery, or all.'),
  recorded: recordedBlock
    .optional()
    .describe('What was recorded of an incident, for the report to lay over what this run gives.'),
  abortWhen: abortBlock.optional().describe('Stop conditions: a run ends early, as failed, when one holds.'),
  explore: exploreBlock.optional().describe('What `squall explore` may do, and what must hold whatever it does.'),
});

/** A scenario as its author writes it. */
export type ScenarioFile = z.input<typeof scenarioFile>;

/** A scenario file, checked piece by piece; resolve.ts puts the pieces together. */
export type ParsedScenario = z.output<typeof scenarioFile>;
