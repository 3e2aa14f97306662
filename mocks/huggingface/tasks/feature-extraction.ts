import { embedText } from '../../models/text/embedding.ts';
import { HuggingFaceError } from '../errors.ts';
import { checkParameters, isObject, type JsonObject, readInputs, textsOf } from './body.ts';

/** Names of the task's parameters, which clients put in `parameters` or beside `inputs`. */
const PARAMETERS = ['normalize', 'prompt_name', 'truncate', 'truncation_direction'];

/** One vector for a text, a list of them for a list. */
export const extractFeatures = (body: JsonObject): unknown => {
  const { inputs, parameters } = readInputs(body);
  const { texts, isBatch } = textsOf(inputs);
  checkParameters(parameters, PARAMETERS);
  const { normalize = true } = { ...body, ...parameters };
  if (normalize !== null && typeof normalize !== 'boolean') throw new HuggingFaceError(400, '`normalize` must be true or false');
  // The model's vectors have length 1 already.
  const vectors = texts.map(embedText);
  return isBatch ? vectors : vectors[0];
};

/** Cosines of a sentence's vector with those of others. */
export const compareSentences = (body: JsonObject): unknown => {
  const { inputs } = readInputs(body);
  if (!isObject(inputs) || typeof inputs.source_sentence !== 'string') {
    throw new HuggingFaceError(400, '`inputs` must have `source_sentence`, a text, and `sentences`, a list of texts');
  }
  const source = embedText(inputs.source_sentence);
  return textsOf(inputs.sentences).texts.map((text) =>
    embedText(text).reduce((sum, part, index) => sum + part * (source[index] ?? 0), 0),
  );
};
