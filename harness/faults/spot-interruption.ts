import { z } from 'zod';
import type { ControlCommand } from '../../mocks/control.ts';
import { duration, share } from '../scenario/units.ts';
import type { ServiceLink } from '../topology/link.ts';
import { defineFaultKind, type FaultEffect, type FaultKind } from './kind.ts';

const settings = z.strictObject({
  notice: duration
    .optional()
    .describe(
      "From the cloud's notice to the interruption; the cloud's own when left out: 2m at EC2, 30s elsewhere, and a second for a minute in a scenario.",
    ),
  share: share
    .refine((part) => part > 0, 'expected a share above 0%')
    .optional()
    .describe("Of scenarios: share of a region's spot instances that are taken, rounded up; all when left out."),
  crunch: duration
    .optional()
    .describe('Of scenarios: how long no spot instance can be had in the region; as long as the fault when left out.'),
});

type Settings = z.output<typeof settings>;

const hasSpotInstances = (link: ServiceLink): boolean => link.hasSpotInstances !== undefined;

/** Endpoints of a scenario: whether they have spot instances the design says. */
const isStack = (link: ServiceLink): boolean => link.hasSpotInstances === 'by-design';

const onStart = ({ notice, share: part, crunch }: Settings, link: ServiceLink): readonly ControlCommand[] => {
  const { region } = link;
  const interrupt: ControlCommand = {
    type: 'interrupt-instances',
    region,
    ...(notice === undefined ? {} : { noticeMs: notice }),
    ...(part === undefined ? {} : { share: part }),
  };
  // The market first: what is taken back is not had again at once.
  return isStack(link) ? [{ type: 'set-spot-capacity', region, availableAfterMs: crunch ?? null }, interrupt] : [interrupt];
};

const effect = (given: Settings): FaultEffect => ({
  provider: (link) => ({
    onStart: hasSpotInstances(link) ? onStart(given, link) : [],
    onEnd: isStack(link) ? [{ type: 'set-spot-capacity', region: link.region, availableAfterMs: 0 }] : [],
  }),
});

const checkTargets: NonNullable<FaultKind<typeof settings>['checkTargets']> = (given, targeted, links) => {
  const hit = targeted.filter(hasSpotInstances);
  const [only] = ['share', 'crunch'].filter((name) => given[name as 'share' | 'crunch'] !== undefined);
  if (only !== undefined && hit.length > 0 && !hit.some(isStack)) {
    return {
      message: `\`${only}\` is for the endpoints of a scenario, and nothing that it targets is one.`,
      remedy: `Leave \`${only}\` out: a cloud takes all spot instances of the region.`,
    };
  }
  if (hit.length > 0) return undefined;
  const could = links.filter(hasSpotInstances).map(({ id }) => id);
  const where = links.some(isStack) ? 'behind the endpoints of a scenario' : 'in the regions of a service of compute';
  return {
    message: `nothing that it targets has spot instances, which stand ${where}.`,
    remedy:
      could.length > 0
        ? `It could match: ${could.join(', ')}.`
        : "The topology of this scenario has none: they are those of EC2, Compute Engine, Azure's and Oracle's compute, which `squall up` and squall/msw emulate.",
  };
};

/**
 * The cloud takes its spare capacity back: once, from the instances that run when the fault starts. In a scenario the fault's length is that of the
 * shortage, and designs without spot instances notice nothing.
 */
export const spotInterruption = defineFaultKind({
  kind: 'spot-interruption',
  summary:
    "At the start the cloud announces to a region's spot or preemptible instances that they are taken, and takes them after its notice.",
  settings,
  appliesTo: hasSpotInstances,
  checkTargets,
  isAskedFor: true,
  explore: { notice: { min: '0s', max: '3s' }, share: { min: '30%', max: '100%' } },
  live: effect,
  sim: effect,
});
