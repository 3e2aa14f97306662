import { z } from 'zod';
import { PRIORITIES } from '../serving/caller.ts';
import { type MetricDefinition, type MetricName, metricNames, metrics, type Unit } from '../verdict/metrics.ts';
import { unknownName } from './explain.ts';
import { name } from './name.ts';
import { duration, rate, share } from './units.ts';

const boundIn: Readonly<Record<Unit, z.ZodType<number, string | number>>> = {
  share,
  ms: duration as unknown as z.ZodType<number, string | number>,
  'per-second': rate,
  usd: z.number().min(0) as unknown as z.ZodType<number, string | number>,
  count: z.int().min(0) as unknown as z.ZodType<number, string | number>,
};

const objective = z
  .strictObject({
    success: share.optional().describe('Share of requests that must succeed, undegraded.'),
    window: duration
      .refine((ms) => ms > 0, 'expected more than 0s')
      .optional()
      .describe('How long it must hold.'),
  })
  .optional();

const bounds = ({ unit, usesObjective }: MetricDefinition) =>
  z
    .strictObject({
      min: boundIn[unit].optional(),
      max: boundIn[unit].optional(),
      ...((usesObjective ? { objective } : {}) as { objective: typeof objective }),
    })
    .superRefine(({ min, max }, context) => {
      if (min === undefined && max === undefined) context.addIssue('has neither min nor max; expected at least one of them');
      else if (min !== undefined && max !== undefined && min > max) {
        context.addIssue({ code: 'custom', path: ['min'], message: 'is greater than max' });
      }
    });

const boundsByMetric = Object.fromEntries(metricNames.map((name) => [name, bounds(metrics[name]).optional()])) as Readonly<
  Record<MetricName, z.ZodOptional<ReturnType<typeof bounds>>>
>;

const strictly = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .strictObject(shape, {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => unknownName('metric', key, metricNames)).join('\n')
          : undefined,
    })
    .refine((metrics) => Object.keys(metrics).length > 0, 'expects nothing; name at least one metric');

const groupBounds = strictly(boundsByMetric);

/** What is expected of one phase: bounds by metric, each in its metric's own unit; of all requests, and of those of a tenant or a priority. */
export const metricBounds = strictly({
  ...boundsByMetric,
  tenants: z.record(name, groupBounds).optional().describe('The same of the requests of one tenant, by its name.'),
  priorities: z.partialRecord(z.enum(PRIORITIES), groupBounds).optional().describe('The same of the requests of one priority.'),
});

/** What is expected of some of the requests. */
export type GroupBounds = z.output<typeof groupBounds>;

export type MetricBounds = z.output<typeof metricBounds>;
