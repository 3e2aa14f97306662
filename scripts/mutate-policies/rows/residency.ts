import type { Mutation } from '../mutation.ts';
import { rowsOf } from './row.ts';

const rules = rowsOf('residency', 'harness/serving/residency.ts');
const routing = rowsOf('residency', 'harness/serving/routing.ts');
const datasets = rowsOf('residency of datasets', 'harness/serving/doors/datasets.ts');
const attempts = rowsOf('residency', 'harness/serving/serve-links.ts');

export const residencyRows: readonly Mutation[] = [
  routing(
    'residency-not-heard',
    'permits ? ordered.filter(({ id }) => permits(id)) : ordered',
    'ordered',
    'Data goes where any goes.',
    'data-residency',
  ),
  routing(
    'residency-last-resort-anywhere',
    'bestOf(eligible, hasPlace, order)',
    'bestOf(ordered, hasPlace, order)',
    'Where every region looks dead, any of them is tried.',
    'data-refused',
  ),
  attempts(
    'residency-hedges-anywhere',
    'router.beside(tried())',
    'router.beside({ attempts, lastId })',
    'A hedge goes across the border.',
    'data-residency',
  ),
  attempts(
    'residency-retries-anywhere',
    'const tried = (): Tried => ({ attempts, lastId, ...(permits ? { permits } : {}) });',
    'const tried = (): Tried => ({ attempts, lastId, ...(permits && attempts.size === 0 ? { permits } : {}) });',
    'The first attempt stays at home, and no other.',
    'data-refused',
  ),
  rules(
    'residency-lax',
    "isLax: policy.failover === 'anywhere'",
    'isLax: true',
    'Rather than not at all, data goes anywhere.',
    'data-residency',
  ),
  rules(
    'residency-transfers-unused',
    'policy.transfers ? [...home, ...byTransfer] : home',
    'home',
    'A mechanism that lets data go further is not used.',
    'data-residency',
  ),
  rules(
    'residency-transfers-assumed',
    '[...home, ...byTransfer] : home',
    '[...home, ...Object.values(rules).flatMap((other) => other.byTransfer)] : home',
    "What one tenant's mechanism allows, all do.",
    'data-residency',
  ),
  datasets(
    'dataset-given-to-anybody',
    'held.permits && !held.isLax && !held.permits(caller.region)',
    'held.permits && held.isLax && !held.permits(caller.region)',
    'Rows are given to callers wherever they are.',
    'dataset-residency',
  ),
  rowsOf('residency of datasets', 'harness/topology/data-placements.ts')(
    'dataset-copied-anywhere',
    "return standing === 'home' || (standing !== null && design.residency.transfers);",
    'return standing === standing;',
    'A copy is kept wherever the declaration names one.',
    'dataset-residency',
  ),
  rowsOf('residency', 'harness/serving/stack.ts')(
    'residency-of-nobody',
    'createResidency(design.residency, config.residency)',
    'createResidency(design.residency, {})',
    'Nobody is told where data has to stay.',
    'data-residency',
  ),
];
