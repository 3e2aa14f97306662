import type { ProviderName } from '../../mocks/emulator.ts';
import type { DeploymentConfig, ScalingConfig, SpotConfig } from '../../mocks/inference/deployment.ts';
import { ruleOfProvider } from '../../mocks/inference/scaling/rules.ts';
import type { Design } from '../serving/config.ts';

/** Without a policy that handles it: all on the spot market, until it is taken. */
const UNHANDLED: SpotConfig = { onDemandBase: 0, drainOnNotice: false, drainMs: 0, fallsBack: false };

const scalingOf = ({ scaling }: Design, provider: ProviderName): ScalingConfig | undefined =>
  scaling ? { rule: ruleOfProvider[provider], ...scaling, min: Math.min(scaling.min, scaling.max) } : undefined;

const isServerless = ({ serverless }: Design, index: number): boolean =>
  serverless !== false && (serverless.where === 'all' || (serverless.where === 'first') === (index === 0));

/**
 * What stands behind a region's endpoint in a design.
 * @param index of the region in the topology @param instances that the design's sizing has there @param slots of an instance
 */
export const endpointCapacityOf = (
  design: Design,
  provider: ProviderName,
  index: number,
  instances: number,
  slots: number,
): DeploymentConfig => {
  const { serverless } = design;
  if (serverless && isServerless(design, index)) {
    const { where: _, provisionedConcurrency, ...settings } = serverless;
    return {
      type: 'serverless',
      ...settings,
      provisionedConcurrency: Math.min(provisionedConcurrency, serverless.maxConcurrency),
    };
  }
  const scaling = scalingOf(design, provider);
  return {
    type: 'instances',
    slots,
    instances,
    ...(scaling ? { scaling } : {}),
    ...(design.sizing.market === 'spot' ? { spot: design.spotHandling || UNHANDLED } : {}),
  };
};
