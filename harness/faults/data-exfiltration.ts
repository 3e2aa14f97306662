import { z } from 'zod';
import { name } from '../scenario/name.ts';
import { DATA } from '../serving/data/settings.ts';
import { isNode } from '../topology/link.ts';
import { gatewayRegionNames } from '../topology/regions.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const settings = z.strictObject({
  tenant: name.prefault('clinic').describe('Whose credentials are used: one that may read the dataset.'),
  dataset: name.prefault('patients').describe('What is read.'),
  from: z
    .enum(gatewayRegionNames)
    .prefault('us-east')
    .describe('Where the intruder is: elsewhere, if not where the tenant usually is.'),
  page: z.number().int().min(1).max(1000).prefault(500).describe('Rows of a page: in bulk, if far more than usual.'),
  rate: z.number().min(0.1).max(100).prefault(5).describe('Pages a second.'),
});

const effect = ({ tenant, dataset, from, page, rate }: z.output<typeof settings>): FaultEffect => ({
  nodeCommands: () => ({
    onStart: [{ type: 'exfiltrate', tenant, dataset, region: from, page, ratePerS: rate }],
    onEnd: [{ type: 'exfiltrate-end' }],
  }),
});

/** Credentials are right, and who uses them is not. */
export const dataExfiltration = defineFaultKind({
  kind: 'data-exfiltration',
  summary:
    'Somebody reads a dataset of a node such as stack/eu-west/data with the credentials of a tenant: in bulk, from elsewhere, or at odd hours, as its settings and its time have it.',
  settings,
  appliesTo: (link) => isNode(link) && link.kind === DATA,
  isAskedFor: true,
  live: effect,
  sim: effect,
});
