import { Hono } from 'hono';
import type { FetchHandler } from '../../emulator.ts';
import { errorResponse, HuggingFaceError } from '../errors.ts';

/** An app that refuses in Hugging Face's words, and numbers its answers. */
export const createApp = (): Hono => {
  const app = new Hono();
  app.notFound(() => errorResponse(new HuggingFaceError(404, 'Not Found')));
  app.onError(errorResponse);
  return app;
};

/** The app with an id of its own on each answer, as the services have one. */
export const numbered =
  (app: Hono): FetchHandler =>
  async (request) => {
    const answer = await app.fetch(request);
    answer.headers.set('x-request-id', `Root=1-${crypto.randomUUID()}`);
    return answer;
  };
