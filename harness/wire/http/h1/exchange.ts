import type { BodyChain } from '../body-chain.ts';
import type { Scope } from '../exchange.ts';
import type { SelectedRule } from '../rules/rule-book.ts';
import type { RequestHead } from './head.ts';

/** A request and its answer, on one connection. */
export interface Http1Exchange {
  readonly head: RequestHead;
  readonly selected: readonly SelectedRule[];
  readonly scope: Scope;
  /** Has the upstream's attention; else it is held, or answered here. */
  isForwarded: boolean;
  isRequestOver: boolean;
  isAnswerOver: boolean;
  /** The request's body goes through faults. */
  requestChain: BodyChain | undefined;
  /** The answer's body does. */
  answerChain: BodyChain | undefined;
}

export const openExchange = (head: RequestHead, selected: readonly SelectedRule[], scope: Scope): Http1Exchange => ({
  head,
  selected,
  scope,
  isForwarded: false,
  isRequestOver: false,
  isAnswerOver: false,
  requestChain: undefined,
  answerChain: undefined,
});
