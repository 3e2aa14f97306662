import type { Mutation } from '../mutation.ts';
import { rowsOf } from './row.ts';

const TRACKING = 'mocks/inference/scaling/target-tracking.ts';
const SERVERLESS = 'mocks/inference/serverless.ts';
const FLEET = 'mocks/inference/fleet.ts';
const ENDPOINT = 'harness/topology/endpoint-capacity.ts';
const DEPLOYMENT = 'harness/cost/deployment.ts';

const scaling = rowsOf('scaling', TRACKING);
const serverless = rowsOf('serverless', SERVERLESS);
const spot = rowsOf('spot handling', FLEET);
const sizing = rowsOf('sizing', DEPLOYMENT);
const BEGIN = 'const { wanted, starting, sinceOutMs, sinceInMs } = state;';

export const capacityRows: readonly Mutation[] = [
  scaling('never-scaled-out', 'load > 1)', 'load > 1e9)', 'No instance is added.', 'autoscaling-spike'),
  scaling('never-scaled-in', '? wanted - 1 : wanted;', '? wanted : wanted;', 'No instance is taken away.', 'autoscaling-spike'),
  scaling('always-least', BEGIN, `${BEGIN} if (wanted > 0) return 1;`, 'The fewest instances are wanted.', 'autoscaling-spike'),
  scaling('always-most', BEGIN, `${BEGIN} if (wanted > 0) return 100;`, 'The most instances are wanted.', 'autoscaling-spike'),
  scaling(
    'scaled-by-one',
    'Math.max(wanted + 1, Math.ceil(wanted * high.at(-1)!.load))',
    'wanted + 1',
    'One instance is added, whatever the load is.',
    'scaling-waves',
  ),
  scaling(
    'added-again-at-once',
    'sinceOutMs < scaleOutCooldownMs ?',
    'sinceOutMs < 0 ?',
    'Instances are added for a load that new ones have not yet been seen to take.',
    'scaling-waves',
  ),
  scaling(
    'taken-away-at-once',
    'Math.min(sinceInMs, sinceOutMs) >= scaleInCooldownMs',
    'sinceInMs >= 0',
    'Instances are taken away as soon as they are idle.',
    'scaling-waves',
  ),
  rowsOf('scaling', ENDPOINT)(
    'not-scaled',
    '...(scaling ? { scaling } : {}),',
    '',
    'No autoscaler is set up.',
    'autoscaling-spike',
  ),
  serverless(
    'none-provisioned',
    'let provisionedIdle = provisionedConcurrency;',
    'let provisionedIdle = 0;',
    'No environment is kept warm.',
    'cold-start',
  ),
  serverless(
    'concurrency-unbounded',
    'if (environments >= maxConcurrency)',
    'if (environments < 0)',
    'As many run at a time as are asked for.',
    'serverless-limits',
  ),
  serverless(
    'concurrency-halved',
    'if (environments >= maxConcurrency)',
    'if (environments >= maxConcurrency / 2)',
    'Half of those that may run do.',
    'serverless-limits',
  ),
  serverless(
    'never-kept-warm',
    'idleSinceMs.push(performance.now());',
    'environments -= 1;',
    'An environment is gone after one request.',
    'serverless-limits',
  ),
  spot(
    'no-on-demand-base',
    '< spot.onDemandBase) return',
    '< 0) return',
    'All instances are on the spot market.',
    'spot-reclaim-wave',
  ),
  spot(
    'notice-ignored',
    'if (spot?.drainOnNotice) {',
    'if (spot && wanted < 0) {',
    'Nothing is done before instances are taken back.',
    'spot-reclaim-wave',
  ),
  spot(
    'no-fallback-to-on-demand',
    "return spot.fallsBack ? 'on-demand' : null;",
    'return null;',
    'What the spot market does not have is not had.',
    'spot-reclaim-wave',
  ),
  spot(
    'all-on-demand',
    "if (isSpotAvailable) return 'spot';",
    '',
    'Instances are bought on demand though spot ones can be had.',
    'spot-reclaim-wave',
  ),
  spot(
    'never-back-on-spot',
    '        returnToSpot();',
    '',
    'What was had on demand for want of spot capacity stays.',
    'spot-reclaim-wave',
  ),
  spot(
    'drained-too-late',
    'noticeMs - spot.drainMs',
    'noticeMs',
    'An instance gets requests until it is taken back.',
    'spot-reclaim-wave',
  ),
  spot(
    'drained-at-once',
    'noticeMs - spot.drainMs',
    'noticeMs - 1e9',
    'An instance gets no more requests from the notice on.',
    'spot-reclaim-wave',
  ),
  rowsOf('spot handling', ENDPOINT)(
    'spot-unhandled',
    'design.spotHandling || UNHANDLED',
    'UNHANDLED',
    'What the design says of spot capacity is not done.',
    'spot-reclaim-wave',
  ),
  sizing(
    'regions-unbounded',
    'const isDeployed = index < sizing.regions;',
    'const isDeployed = index < 99;',
    'Every region is deployed to.',
    'cost-right-sizing',
  ),
  sizing(
    'instances-unread',
    'index === 0 ? sizing.instances : sizing.standbyInstances',
    '1',
    'Each region has one instance.',
    'black-hole',
  ),
  rowsOf('storage', DEPLOYMENT)(
    'all-in-hot-storage',
    'storageUsdPerHour(provider, storage.tier, storage.gb)',
    "storageUsdPerHour(provider, 'hot', storage.gb)",
    'Everything lies where it costs the most.',
    'cost-right-sizing',
  ),
  rowsOf('placement: standby', 'harness/serving/routing.ts')(
    'standby-called',
    "standby === 'passive' ? inUse(all) : all",
    'all',
    'A passive region gets retries and hedges.',
    'passive-standby',
  ),
  rowsOf('placement: spread', 'harness/serving/spread.ts')(
    'no-turns',
    "if (policy === 'none') return undefined;",
    'return undefined;',
    'All first attempts go to the first region.',
    'uneven-regions',
  ),
  rowsOf('placement: spread', 'harness/serving/spread.ts')(
    'weights-unread',
    "policy === 'weighted' ? weight : 1",
    '1',
    'A small region gets as much as a large one.',
    'uneven-regions',
  ),
];
