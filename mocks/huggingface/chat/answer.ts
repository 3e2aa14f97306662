import { type GeneratedToken, generateText } from '../../models/text/language.ts';
import { waitFor } from '../warmth.ts';
import type { ChatRequest } from './request.ts';
import { createStopGate } from './stop-gate.ts';

/** Milliseconds between two words: 100 a second. */
const TOKEN_INTERVAL_MS = 10;

type FinishReason = 'stop' | 'length';

/** What the words of an answer have in common. */
interface Frame {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  readonly system_fingerprint: string;
}

const frameOf = (model: string): Frame => ({
  id: `chatcmpl-${crypto.randomUUID().replaceAll('-', '')}`,
  created: Math.floor(Date.now() / 1000),
  model,
  system_fingerprint: 'squall-persuasion-1',
});

/** The answer's words, one after another as they are made; returns why they ended. */
async function* speak({ prompt, sampling, maxTokens, stop }: ChatRequest): AsyncGenerator<GeneratedToken, FinishReason> {
  const gate = createStopGate(stop);
  let count = 0;
  for (const token of generateText(prompt, sampling)) {
    await waitFor(TOKEN_INTERVAL_MS);
    const { passed, isOver } = gate.push(token);
    yield* passed;
    if (isOver) return 'stop';
    count += 1;
    if (count < maxTokens) continue;
    yield* gate.rest();
    return 'length';
  }
  yield* gate.rest();
  return 'stop';
}

const usageOf = (promptTokens: number, completionTokens: number) => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
});

const logprobsOf = (tokens: readonly GeneratedToken[]) => ({
  content: tokens.map(({ text, logprob }) => ({ token: text, logprob, top_logprobs: [] })),
});

const completeAnswer = async (chat: ChatRequest, model: string): Promise<Response> => {
  const tokens: GeneratedToken[] = [];
  const words = speak(chat);
  let next = await words.next();
  while (!next.done) {
    tokens.push(next.value);
    next = await words.next();
  }
  const content = tokens.map(({ text }) => text).join('');
  return Response.json({
    object: 'chat.completion',
    ...frameOf(model),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content },
        logprobs: chat.hasLogprobs ? logprobsOf(tokens) : null,
        finish_reason: next.value,
      },
    ],
    usage: usageOf(chat.promptTokens, tokens.length),
  });
};

/** Server-sent events, one a word, made when they are read: who stops reading stops the model. */
const streamAnswer = (chat: ChatRequest, model: string): Response => {
  const frame = frameOf(model);
  const encoder = new TextEncoder();
  const words = speak(chat);
  let count = 0;
  const event = (data: string): Uint8Array<ArrayBuffer> => encoder.encode(`data: ${data}\n\n`);
  const chunk = (choices: readonly unknown[], more: object = {}) =>
    event(JSON.stringify({ object: 'chat.completion.chunk', ...frame, choices, ...more }));
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await words.next();
      if (!done) {
        const logprobs = chat.hasLogprobs ? logprobsOf([value]) : null;
        controller.enqueue(
          chunk([{ index: 0, delta: { role: 'assistant', content: value.text }, logprobs, finish_reason: null }]),
        );
        count += 1;
        return;
      }
      controller.enqueue(chunk([{ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: value }]));
      if (chat.hasUsage) controller.enqueue(chunk([], { usage: usageOf(chat.promptTokens, count) }));
      controller.enqueue(event('[DONE]'));
      controller.close();
    },
    async cancel() {
      await words.return('stop');
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' } });
};

/** @param model what the answer says made it */
export const answerChat = (chat: ChatRequest, model: string): Promise<Response> | Response =>
  chat.isStream ? streamAnswer(chat, model) : completeAnswer(chat, model);
