import type { ProviderName } from '../../emulator.ts';
import type { ScalingRuleName } from '../deployment.ts';
import type { ScalingRule } from './rule.ts';
import { steps } from './steps.ts';
import { targetTracking } from './target-tracking.ts';
import { window } from './window.ts';

/** Ways to scale. A new one is a file, and a line here. */
export const scalingRules: Readonly<Record<ScalingRuleName, ScalingRule>> = {
  'target-tracking': targetTracking,
  window,
  steps,
};

/** What each provider's inference service scales by. */
export const ruleOfProvider: Readonly<Record<ProviderName, ScalingRuleName>> = {
  aws: 'target-tracking',
  google: 'window',
  azure: 'steps',
};
