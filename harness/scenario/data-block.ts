import { z } from 'zod';
import { datasetKindNames } from '../serving/data/generate.ts';
import { MAX_PAGE_ROWS } from '../serving/data/service.ts';
import { gatewayRegionNames } from '../topology/regions.ts';
import { name } from './name.ts';
import { residencyBlock } from './residency-block.ts';
import { duration, share } from './units.ts';

/** Rows are drawn when a run starts, and kept in memory in the simulated world. */
const MAX_ROWS = 50_000;
const MAX_DATASETS = 16;
const MAX_QUERIES = 100;

const place = z.enum(gatewayRegionNames);
const names = z.array(name).prefault([]);

const dataset = z.strictObject({
  name,
  kind: z
    .enum(datasetKindNames as [string, ...string[]])
    .prefault('patients')
    .describe('What its rows are like.'),
  rows: z.number().int().min(1).max(MAX_ROWS).prefault(2000).describe('How many it has.'),
  seed: z.number().int().min(0).max(0xffffffff).prefault(1).describe('What its rows are drawn from.'),
  regions: z
    .array(place)
    .min(1)
    .refine((all) => new Set(all).size === all.length, 'a region is listed twice; expected each once')
    .optional()
    .describe("Where it is kept, its home first; the gateway's region when left out."),
  residency: residencyBlock.optional(),
  readers: names.describe('Tenants that may read its rows, and ask for statistics.'),
  analysts: names.describe('Tenants that may ask for statistics alone.'),
});

const caller = z.strictObject({
  tenant: name.describe('One of load.tenants.'),
  region: place.optional().describe("Where it is; the gateway's region when left out."),
  datasets: z.array(name).min(1).optional().describe('What it reads; all that it may when left out.'),
  page: z.number().int().min(1).max(MAX_PAGE_ROWS).prefault(50).describe('Rows of a page.'),
  statistics: share.prefault('20%').describe('Share of its requests that ask for a statistic; the others read a page.'),
  queries: z
    .number()
    .int()
    .min(1)
    .max(MAX_QUERIES)
    .prefault(12)
    .describe('How many different statistics it asks for, over and over.'),
  purpose: name.optional().describe('What it reads for: it stands in the audit log.'),
});

/** Datasets of the stack: docs/data.md. */
export const dataBlock = z.strictObject({
  datasets: z.array(dataset).min(1).max(MAX_DATASETS).describe('What there is, and who may read it.'),
  callers: z.array(caller).prefault([]).describe('How tenants read, for the door `datasets`; as usual where nothing is said.'),
  day: duration
    .refine((ms) => ms >= 1000, 'expected at least 1s')
    .prefault('24h')
    .describe('How long a day of the callers lasts: what is unusual at night shows in a short run when it is short.'),
});

export type ParsedData = z.output<typeof dataBlock>;
