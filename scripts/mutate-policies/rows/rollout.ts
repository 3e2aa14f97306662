import type { Mutation } from '../mutation.ts';
import { rowsOf } from './row.ts';

const FILE = 'harness/serving/rollout.ts';

const rollback = rowsOf('rollout: rollback', FILE);
const canary = rowsOf('rollout: canary', FILE);
const blueGreen = rowsOf('rollout: blue-green', FILE);

export const rolloutRows: readonly Mutation[] = [
  rollback(
    'never-taken-back',
    'if (why !== undefined) takeBack(why);',
    '',
    'A version stays, whatever is wrong with it.',
    'bad-release',
  ),
  rollback(
    'errors-forgiven',
    'its.failureShare > policy.maxFailureShare',
    'its.failureShare > 2',
    'A version that fails is not taken back.',
    'failing-release',
  ),
  rollback(
    'slowness-forgiven',
    'its.meanMs > others.meanMs * policy.maxSlowdown',
    'its.meanMs < 0',
    'A version that is slow is not taken back.',
    'slow-release',
  ),
  rollback(
    'wrong-labels-forgiven',
    'tried.right / tried.of < policy.minAccuracy',
    'tried.right / tried.of < 0',
    'A version that is wrong is not taken back.',
    'bad-release',
  ),
  canary(
    'never-all',
    'return [...shares, 1];',
    'return [...shares];',
    'A version that is within its bounds never has all of the traffic.',
    'steady-release',
  ),
  rollback(
    'taken-back-for-nothing',
    'its.failureShare > policy.maxFailureShare',
    'its.failureShare >= 0',
    'A version is taken back that has done nothing wrong.',
    'steady-release',
  ),
  rollback(
    'share-stays',
    'isOver = true;\n    shareOfCandidate = 0;',
    'isOver = true;',
    'A version that is taken back keeps its share.',
    'slow-release',
  ),
  rollback(
    'released-again',
    'if (isOver || stopped.aborted) return;\n      shareOfCandidate',
    'if (stopped.aborted) return;\n      shareOfCandidate',
    'A version that was taken back gets the share of the next step.',
    'bad-release',
  ),
  rollback(
    'failures-unheard',
    'if (error !== null && isSilent(error)) return;',
    'if (error !== null) return;',
    'Failed attempts of a new version are not counted.',
    'failing-release',
  ),
  canary(
    'never-released',
    'shareOfCandidate = share;',
    'shareOfCandidate = 0;',
    'A new version never gets a request.',
    'steady-release',
  ),
  canary(
    'released-at-once',
    'for (let next = policy.share; next < 1; next *= 2) shares.push(next);',
    '',
    'A new version gets all requests in its first step.',
    'steady-release',
  ),
  canary(
    'share-inverted',
    'Math.random() < shareOfCandidate)',
    'Math.random() >= shareOfCandidate)',
    'The version that serves gets the part that is meant for the new one.',
    'steady-release',
  ),
  blueGreen(
    'blue-green-by-steps',
    "if (strategy === 'blue-green') return [0, 1];",
    '',
    'A growing share of callers gets a version that is still tried.',
    'blue-green-release',
  ),
  blueGreen('switched-untried', 'return [0, 1];', 'return [1];', 'The switch comes before the trial.', 'slow-release'),
];
