import { z } from 'zod';
import { httpFaultKinds } from '../wire/http/faults/index.ts';
import { parseHttpRules } from '../wire/http/rules/rule.ts';
import { defineFaultKind } from './kind.ts';

/** A provider's link carries plain requests and answers: what is for WebSockets or HTTP/2 alone has nothing to act on. */
const TYPES = [...httpFaultKinds.values()]
  .filter(({ type, protocols }) => protocols.includes('http/1.1') && !type.startsWith('websocket'))
  .map(({ type }) => type);

const settings = z
  .strictObject({
    type: z
      .enum(TYPES)
      .default('truncate')
      .describe('What befalls a request or its answer; `squall list http-faults` shows all.'),
    settings: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("The fault's own settings, e.g. { afterEvents: 3 } of stall and truncate."),
  })
  .superRefine(({ type, settings: own }, context) => {
    const parsed = parseHttpRules([{ fault: { ...own, type } }]);
    for (const problem of 'problems' in parsed ? parsed.problems : []) {
      context.addIssue({ code: 'custom', path: ['settings'], message: problem.replace(/^rules\[0\]\.(fault[.:]? ?)?/, '') });
    }
  });

/** What squall's HTTP proxy does to requests and bodies, on a link. */
export const http = defineFaultKind({
  kind: 'http',
  summary: 'Answers stall, trickle, or are cut short after some bytes or events, among them streams. In live only.',
  settings,
  live: ({ type, settings: own }) => ({ http: () => ({ ...own, type }) }),
});
