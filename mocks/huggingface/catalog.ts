/** What a model does, by Hugging Face's own names of tasks. */
export type Task = 'text-classification' | 'feature-extraction' | 'image-classification' | 'conversational';

/** A model of the Hub that is served here. */
export interface Model {
  /** Owner and name, e.g. `squall/sentiment`. */
  readonly id: string;
  readonly task: Task;
  /** The Hub's name of the task of the model's page: chat models are listed as text generation. */
  readonly pipelineTag: string;
}

const model = (id: string, task: Task): Model => ({
  id,
  task,
  pipelineTag: task === 'conversational' ? 'text-generation' : task,
});

/**
 * squall's own models, and ids that programs commonly ask for, behind which the same models answer: small ones, with the labels and shapes
 * of the real ones, and other scores and words (mocks/models/README.md).
 */
export const MODELS: readonly Model[] = [
  model('squall/sentiment', 'text-classification'),
  model('squall/embedding', 'feature-extraction'),
  model('squall/digits', 'image-classification'),
  model('squall/persuasion', 'conversational'),
  model('cardiffnlp/twitter-roberta-base-sentiment-latest', 'text-classification'),
  model('sentence-transformers/all-MiniLM-L6-v2', 'feature-extraction'),
  model('meta-llama/Llama-3.1-8B-Instruct', 'conversational'),
];

export const findModel = (id: string): Model | undefined => MODELS.find((each) => each.id === id);
