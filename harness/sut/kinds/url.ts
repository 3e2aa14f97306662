import { z } from 'zod';
import { quietly } from '../../world/live/until-ready.ts';
import { requireLoopback } from '../allowed-hosts.ts';
import { defineSutKind } from '../kind.ts';
import { readinessOfRunning } from '../settings.ts';
import { LOOPBACK_REACH } from '../sut.ts';
import { untilAnswering } from '../until-answering.ts';

const HTTP_URL = /^https?:\/\//i;

/** A system that runs already; nobody here starts or ends it. */
export const url = defineSutKind({
  key: 'url',
  form: 'a URL such as http://127.0.0.1:4000',
  summary: 'A system that is running already and has been told its links by `squall env`.',
  settings: z.strictObject({
    url: z.url({ protocol: /^https?$/, error: 'expected an http URL, such as http://127.0.0.1:4000' }),
    ready: readinessOfRunning.prefault({}),
  }),
  fromText: (text) => (HTTP_URL.test(text) ? { url: text } : undefined),
  choose({ url: text, ready }, { where }) {
    const { origin } = new URL(text);
    requireLoopback(origin, where);
    return {
      title: origin,
      hasOwnStart: true,
      async prepare() {
        return {
          // Whoever started it was told plain addresses: an authority of this run would be news to it.
          reach: { ...LOOPBACK_REACH, hasTls: false },
          start({ transport }) {
            const stopped = new AbortController();
            const answering = untilAnswering({
              origin,
              // A path is asked for over HTTP.
              ready: transport === 'grpc' ? { within: ready.within } : ready,
              signal: stopped.signal,
            });
            return {
              ready: quietly(answering.then(() => ({ [transport]: origin }))),
              // Nobody is told when it ends: its callers see it.
              exited: new Promise(() => undefined),
              stop: async () => stopped.abort(new Error('The run has ended.')),
            };
          },
          close: async () => undefined,
        };
      },
    };
  },
});
