import type { ModelRuntime } from '../../models/runtime.ts';
import type { Model } from '../catalog.ts';
import { answerChat } from '../chat/answer.ts';
import { readChatRequest } from '../chat/request.ts';
import { HuggingFaceError } from '../errors.ts';
import { readInputs, readJson } from './body.ts';
import { compareSentences, extractFeatures } from './feature-extraction.ts';
import { classifyImage } from './image-classification.ts';
import { classifyTexts } from './text-classification.ts';

/** Tasks that a path can name beside a model's own. */
export type PipelineTask = Model['task'] | 'sentence-similarity';

/** The task that a request asks of a model. Embedding models compare sentences, too. @throws {HuggingFaceError} 400 */
export const pipelineOf = (model: Model, named: string | undefined): PipelineTask => {
  if (named === undefined || named === model.task) return model.task;
  if (named === 'sentence-similarity' && model.task === 'feature-extraction') return named;
  throw new HuggingFaceError(400, 'Model not supported by provider hf-inference');
};

/** Runs a model on a request's body. @throws {HuggingFaceError} */
export const runTask = async (task: PipelineTask, model: Model, request: Request, models: ModelRuntime): Promise<Response> => {
  switch (task) {
    case 'text-classification':
      return Response.json(classifyTexts(await readJson(request)));
    case 'sentence-similarity':
      return Response.json(compareSentences(await readJson(request)));
    case 'feature-extraction': {
      const body = await readJson(request);
      const isComparison = typeof readInputs(body).inputs === 'object' && !Array.isArray(body.inputs);
      return Response.json(isComparison ? compareSentences(body) : extractFeatures(body));
    }
    case 'image-classification':
      return Response.json(await classifyImage(request, models));
    case 'conversational':
      return answerChat(readChatRequest(await readJson(request)), model.id);
  }
};
