import { classifySentiment } from '../../models/text/sentiment.ts';
import { HuggingFaceError } from '../errors.ts';
import { checkParameters, countOf, type JsonObject, readInputs, textsOf } from './body.ts';

const FUNCTIONS = ['softmax', 'sigmoid', 'none'];

/** Labels with scores of each text, likeliest first; one list a text, even for a single text. */
export const classifyTexts = (body: JsonObject): unknown => {
  const { inputs, parameters } = readInputs(body);
  const { texts } = textsOf(inputs);
  checkParameters(parameters, ['top_k', 'function_to_apply']);
  const topK = countOf(parameters, 'top_k', 5);
  const apply = parameters.function_to_apply ?? 'softmax';
  if (!FUNCTIONS.includes(apply as string)) {
    throw new HuggingFaceError(400, `\`function_to_apply\` must be one of ${FUNCTIONS.join(', ')}`);
  }
  return texts.map((text) =>
    Object.entries(classifySentiment(text).scores)
      .map(([label, probability]) => ({ label, score: scoreOf(probability, apply as string) }))
      .sort((one, other) => other.score - one.score)
      .slice(0, topK),
  );
};

/** The logarithm of a probability stands for the model's raw score. */
const scoreOf = (probability: number, apply: string): number => {
  if (apply === 'softmax') return probability;
  const logit = Math.log(Math.max(probability, Number.MIN_VALUE));
  return apply === 'none' ? logit : 1 / (1 + Math.exp(-logit));
};
