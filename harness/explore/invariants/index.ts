import { answeredOnce } from './answered-once.ts';
import { attemptsCounted } from './attempts-counted.ts';
import { attemptsInTime } from './attempts-in-time.ts';
import { breakerLegal } from './breaker-legal.ts';
import { breakerReopens } from './breaker-reopens.ts';
import { credentialsChecked } from './credentials-checked.ts';
import { deadlineKept } from './deadline-kept.ts';
import { degradedMarked } from './degraded-marked.ts';
import { failsOver } from './fails-over.ts';
import type { Invariant } from './invariant.ts';
import { jobsAnsweredOnce } from './jobs-answered-once.ts';
import { ladderAnswers } from './ladder-answers.ts';
import { nobodyLetIn } from './nobody-let-in.ts';
import { ownAnswer } from './own-answer.ts';
import { recovers } from './recovers.ts';
import { retryBudgetKept } from './retry-budget-kept.ts';

/** Every invariant; a search that finds several broken shrinks by the first, so that those that say most stand first. */
export const invariants: readonly Invariant[] = [
  ownAnswer,
  credentialsChecked,
  nobodyLetIn,
  deadlineKept,
  attemptsInTime,
  attemptsCounted,
  answeredOnce,
  jobsAnsweredOnce,
  breakerLegal,
  breakerReopens,
  retryBudgetKept,
  degradedMarked,
  ladderAnswers,
  failsOver,
  recovers,
];
