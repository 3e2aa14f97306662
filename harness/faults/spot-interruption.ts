import { z } from 'zod';
import { duration } from '../scenario/units.ts';
import type { ServiceLink } from '../topology/link.ts';
import { defineFaultKind, type FaultEffect, type FaultKind } from './kind.ts';

const settings = z.strictObject({
  notice: duration
    .optional()
    .describe("From the cloud's notice to the interruption; the cloud's own when left out: 2m at EC2, 30s elsewhere."),
});

const hasSpotInstances = (link: ServiceLink): boolean => link.hasSpotInstances === true;

const effect = ({ notice }: z.output<typeof settings>): FaultEffect => ({
  provider: (link) => ({
    onStart: hasSpotInstances(link)
      ? [{ type: 'interrupt-instances', region: link.region, ...(notice === undefined ? {} : { noticeMs: notice }) }]
      : [],
    onEnd: [],
  }),
});

const checkTargets: NonNullable<FaultKind<typeof settings>['checkTargets']> = (_, targeted, links) => {
  if (targeted.some(hasSpotInstances)) return undefined;
  const could = links.filter(hasSpotInstances).map(({ id }) => id);
  return {
    message: 'nothing that it targets has spot instances, which stand in the regions of a service of compute.',
    remedy:
      could.length > 0
        ? `It could match: ${could.join(', ')}.`
        : "The topology of this scenario has none: they are those of EC2, Compute Engine, Azure's and Oracle's compute, which `squall up` and squall/msw emulate.",
  };
};

/** The cloud takes its spare capacity back: once, from the instances that run when the fault starts. */
export const spotInterruption = defineFaultKind({
  kind: 'spot-interruption',
  summary:
    "At the start the cloud announces to a region's spot or preemptible instances that they are taken, and takes them after its notice.",
  settings,
  appliesTo: hasSpotInstances,
  checkTargets,
  // Simulated are scenarios alone, and none has an instance.
  live: effect,
});
