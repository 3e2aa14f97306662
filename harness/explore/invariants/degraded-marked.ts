import { FROM_CACHE } from '../../serving/serving.ts';
import { firstOf, type Invariant, seconds } from './invariant.ts';

const LOCAL = 'local/';

/** A degraded answer says so, and no other does. */
export const degradedMarked: Invariant = {
  name: 'degraded-marked',
  summary: 'An answer that no provider gave is marked as degraded by its rung, and no other is.',
  needs: 'record',
  check: ({ record, plan }) => {
    // Datasets are given by nodes of the stack itself.
    const nodes = (plan.nodes ?? []).map(({ link }) => link);
    const known = new Set([...plan.links, ...nodes].map(({ id }) => id));
    const rungs = plan.design.degrade === false ? [] : plan.design.degrade.ladder;
    const isMarkedRight = (servedBy: string, degraded: string): boolean =>
      degraded === ''
        ? known.has(servedBy) || (plan.design.cache !== false && servedBy === FROM_CACHE)
        : servedBy === LOCAL + degraded && rungs.some((rung) => rung === degraded);
    return firstOf(
      record.requests.filter(({ outcome, servedBy, degraded }) => outcome === 'ok' && !isMarkedRight(servedBy, degraded)),
      ({ dueMs, servedBy, degraded }) =>
        `The request due at ${seconds(dueMs)} was served by "${servedBy}" and marked degraded by "${degraded}"`,
    );
  },
};
