import { countTokens, type Sampling } from '../../models/text/language.ts';
import { validationError } from '../errors.ts';
import { isObject, type JsonObject } from '../tasks/body.ts';

/** A chat completion that was asked for, checked. */
export interface ChatRequest {
  /** As it was asked for; null when it was not named. */
  readonly model: string | null;
  /** The conversation as one text. */
  readonly prompt: string;
  readonly promptTokens: number;
  /** Words at most. */
  readonly maxTokens: number;
  readonly sampling: Sampling;
  /** The answer ends before any of these. */
  readonly stop: readonly string[];
  readonly isStream: boolean;
  /** Whether a stream ends with a chunk that has the usage. */
  readonly hasUsage: boolean;
  readonly hasLogprobs: boolean;
}

/** Words of a conversation and its answer that a model takes. */
const CONTEXT_TOKENS = 4096;
/** text-generation-inference's default. */
const MOST_STOPS = 4;
const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'];

/** @throws {HuggingFaceError} 422, as text-generation-inference says it */
export const readChatRequest = (body: JsonObject): ChatRequest => {
  const prompt = promptOf(body.messages);
  const promptTokens = countTokens(prompt);
  const asked = numberOf(body, 'max_completion_tokens') ?? numberOf(body, 'max_tokens');
  if (asked !== undefined && (!Number.isInteger(asked) || asked < 1))
    throw validationError('`max_new_tokens` must be strictly positive');
  const room = CONTEXT_TOKENS - promptTokens;
  if (room < (asked ?? 1)) {
    throw validationError(
      `\`inputs\` tokens + \`max_new_tokens\` must be <= ${CONTEXT_TOKENS}. Given: ${promptTokens} \`inputs\` tokens and ${asked ?? 1} \`max_new_tokens\``,
    );
  }
  const { model = null, stream = false, stream_options: streamOptions, logprobs = false } = body;
  if (model !== null && typeof model !== 'string') throw validationError('`model` must be a string');
  if (stream !== null && typeof stream !== 'boolean') throw validationError('`stream` must be true or false');
  if ((numberOf(body, 'n') ?? 1) !== 1) throw validationError('`n` must be 1');
  return {
    model,
    prompt,
    promptTokens,
    maxTokens: asked ?? room,
    sampling: samplingOf(body),
    stop: stopsOf(body.stop),
    isStream: stream === true,
    hasUsage: isObject(streamOptions) && streamOptions.include_usage === true,
    hasLogprobs: logprobs === true,
  };
};

const promptOf = (messages: unknown): string => {
  if (!Array.isArray(messages) || messages.length === 0)
    throw validationError('`messages` must be a list of at least one message');
  return messages.map(contentOf).join('\n');
};

const contentOf = (message: unknown): string => {
  if (!isObject(message) || !ROLES.includes(message.role as string)) {
    throw validationError(`each of \`messages\` must have a \`role\`: one of ${ROLES.join(', ')}`);
  }
  const { content } = message;
  if (typeof content === 'string') return content;
  if (content === null && message.role === 'assistant') return '';
  if (!Array.isArray(content)) throw validationError('each of `messages` must have `content`');
  return content
    .map((part) => {
      if (isObject(part) && part.type === 'text' && typeof part.text === 'string') return part.text;
      throw validationError('the model takes text alone: each part of `content` must have `type` "text" and `text`');
    })
    .join('\n');
};

const numberOf = (body: JsonObject, name: string): number | undefined => {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw validationError(`\`${name}\` must be a number`);
  return value;
};

const samplingOf = (body: JsonObject): Sampling => {
  const [temperature, topP, seed] = [numberOf(body, 'temperature'), numberOf(body, 'top_p'), numberOf(body, 'seed')];
  if (temperature !== undefined && !(temperature >= 0 && temperature <= 2))
    throw validationError('`temperature` must be >= 0.0 and <= 2.0');
  if (topP !== undefined && !(topP > 0 && topP <= 1)) throw validationError('`top_p` must be > 0.0 and <= 1.0');
  if (seed !== undefined && !Number.isInteger(seed)) throw validationError('`seed` must be a whole number');
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(seed === undefined ? {} : { seed }),
  };
};

const stopsOf = (stop: unknown): readonly string[] => {
  if (stop === undefined || stop === null) return [];
  const stops: unknown[] = Array.isArray(stop) ? stop : [stop];
  if (stops.length > MOST_STOPS)
    throw validationError(`\`stop\` supports up to ${MOST_STOPS} stop sequences. Given: ${stops.length}`);
  if (!stops.every((each): each is string => typeof each === 'string' && each !== '')) {
    throw validationError('`stop` must be a text, or a list of texts, none of them empty');
  }
  return stops;
};
