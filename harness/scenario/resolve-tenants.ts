import { peakRatePerS } from '../load/arrivals.ts';
import { shapesOf } from '../load/tenants.ts';
import { limits } from './limits.ts';
import type { Report } from './problem.ts';
import { burstsOf, checkBursts } from './resolve-load.ts';
import type { LoadPlan, TenantLoad } from './scenario.ts';
import type { ParsedScenario } from './schema.ts';

/** Sums of shares as people write them: thirds do not add up to one. */
const TOLERANCE = 0.001;

type ParsedTenants = NonNullable<ParsedScenario['load']['tenants']>;

const percent = (share: number): string => `${Math.round(share * 1e4) / 100}%`;

/** What each has of the load; what is left is shared evenly by those that do not say. */
const sharesOf = (tenants: ParsedTenants, report: Report): readonly number[] => {
  const given = tenants.reduce((sum, { share = 0 }) => sum + share, 0);
  const silent = tenants.filter(({ share }) => share === undefined).length;
  if (given > 1 + TOLERANCE || (silent > 0 && given > 1 - TOLERANCE)) {
    report(
      ['load', 'tenants'],
      `their shares add up to ${percent(given)}, and ${silent} have none; expected 100% for all together`,
    );
  } else if (silent === 0 && given < 1 - TOLERANCE) {
    report(
      ['load', 'tenants'],
      `their shares add up to ${percent(given)}; expected 100%, or one without a share that has the rest`,
    );
  }
  return tenants.map(({ share = (1 - given) / silent }) => (silent > 0 ? share : share / given));
};

const reportDoubles = (tenants: ParsedTenants, report: Report): void => {
  for (const [index, { name }] of tenants.entries()) {
    if (tenants.findIndex((tenant) => tenant.name === name) < index) {
      report(['load', 'tenants', index, 'name'], `"${name}" is the name of another tenant; expected one of its own`);
    }
  }
};

/** Who makes the requests of a load; shares that do not add up, and bursts that have no place, are reported. */
export const resolveTenants = (
  { load, duration }: ParsedScenario,
  shape: LoadPlan['shape'],
  report: Report,
): { readonly tenants?: readonly TenantLoad[] } => {
  if (!load.tenants) return {};
  reportDoubles(load.tenants, report);
  const shares = sharesOf(load.tenants, report);
  const hasRate = shape.type === 'open' && shape.arrivals !== 'recorded';
  const tenants = load.tenants.map(({ name, priority, bursts: given, residency }, index): TenantLoad => {
    const common = { name, priority, share: shares[index]!, ...(residency === undefined ? {} : { residency }) };
    const path = ['load', 'tenants', index, 'bursts'];
    if (given && !hasRate) report(path, 'have no effect without a rate or stages: there is nothing that they could raise');
    if (!given || !hasRate) return common;
    const bursts = burstsOf(given, duration);
    checkBursts(bursts, path, duration, report);
    return { ...common, bursts };
  });
  const peakPerS = shapesOf({ shape, tenants }).reduce((sum, one) => sum + (one.type === 'open' ? peakRatePerS(one) : 0), 0);
  if (hasRate && peakPerS > limits.ratePerS) {
    report(
      ['load', 'tenants'],
      `may take the load to ${Math.round(peakPerS)} a second together; expected at most ${limits.ratePerS}`,
    );
  }
  return { tenants };
};
