import { invariants } from '../explore/invariants/index.ts';
import { faultKinds, findFaultKind } from '../faults/index.ts';
import { unknownName } from './explain.ts';
import type { ParsedExplore } from './explore-block.ts';
import type { Report } from './problem.ts';
import { expectationsOf } from './resolve-expectations.ts';
import type { ExploreBlock } from './scenario.ts';

const known = (): readonly string[] => faultKinds.filter(({ sim }) => sim).map(({ kind }) => kind);

const checkNames = ({ kinds = [], settings = {}, except = [] }: ParsedExplore, report: Report): void => {
  const names = invariants.map(({ name }) => name);
  except.forEach((name, index) => {
    if (!names.includes(name)) report(['explore', 'except', index], unknownName('invariant', name, names));
  });
  kinds.forEach((kind, index) => {
    if (!known().includes(kind)) report(['explore', 'kinds', index], unknownName('fault kind', kind, known()));
  });
  for (const [name, ranges] of Object.entries(settings)) {
    const kind = findFaultKind(name);
    if (!kind) report(['explore', 'settings', name], unknownName('fault kind', name, known()), true);
    for (const setting of kind ? Object.keys(ranges) : []) {
      const names = Object.keys(kind!.settings.shape);
      if (!names.includes(setting)) {
        report(['explore', 'settings', name, setting], unknownName('setting', setting, names), true);
      }
    }
  }
};

/** The search that a scenario allows; names that do not exist, and times off the timeline, are reported. */
export const resolveExplore = (
  parsed: ParsedExplore,
  { durationMs, tenantNames }: { readonly durationMs: number; readonly tenantNames: readonly string[] },
  report: Report,
): ExploreBlock => {
  checkNames(parsed, report);
  const { from, until, length = {}, failoverWithin, recoverWithin, expect = {} } = parsed;
  if (until !== undefined && until > durationMs) {
    report(['explore', 'until'], `is after the timeline ends; expected at most ${durationMs / 1000}s`);
  }
  const times = {
    fromMs: from,
    untilMs: until,
    minLengthMs: length.min,
    maxLengthMs: length.max,
    failoverWithinMs: failoverWithin,
    recoverWithinMs: recoverWithin,
  };
  const rest = {
    kinds: parsed.kinds,
    maxFaults: parsed.maxFaults,
    maxRegionsPerProvider: parsed.maxRegionsPerProvider,
    settings: parsed.settings,
    except: parsed.except,
  };
  const expectations = (['all', 'recovery'] as const).flatMap((name) => {
    const bounds = expect[name];
    return bounds ? expectationsOf({ name, kind: name }, bounds, ['explore', 'expect', name], report, tenantNames) : [];
  });
  const given = Object.entries({ ...times, ...rest }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), ...(parsed.expect ? { expectations } : {}) };
};
