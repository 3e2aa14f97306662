import { readBytes } from '../../shared/read-bytes.ts';
import { CognitiveError, invalidRequest as invalid } from './errors.ts';
import { extractKeyPhrases } from './key-phrases.ts';
import { detectLanguage } from './language-detection.ts';
import { analyzeSentiment, lengthOf, STRING_INDEX_TYPES, type StringIndexType } from './sentiment.ts';

/**
 * Limits of a request. Source: "Service limits for Azure Language": 1 MB, 5,120 text elements a document, 10 documents, or
 * 1,000 for language detection; read November 2026.
 */
const BODY_LIMIT_BYTES = 1024 * 1024;
const MAX_TEXT_ELEMENTS = 5120;
const MAX_DOCUMENTS = 10;
const MAX_DETECTED_DOCUMENTS = 1000;
/** A text record is what is billed: begun thousands of characters. Source: as above. */
const RECORD_CHARACTERS = 1000;

/** The version of the models behind it, which are squall's own (mocks/models/README.md). */
const MODEL_VERSION = '2026-11-01';

interface Document {
  readonly id: string;
  readonly text: string;
  readonly language: string;
}

interface Options {
  readonly indexType: StringIndexType;
}

interface Kind {
  readonly maxDocuments: number;
  /** What a text may be written in; null for anything. */
  readonly languages: readonly string[] | null;
  analyze(text: string, options: Options): object;
}

/** What can be asked of a text. */
const KINDS: Readonly<Record<string, Kind>> = {
  SentimentAnalysis: {
    maxDocuments: MAX_DOCUMENTS,
    languages: ['en'],
    analyze: (text, { indexType }) => analyzeSentiment(text, indexType),
  },
  KeyPhraseExtraction: {
    maxDocuments: MAX_DOCUMENTS,
    languages: ['en'],
    analyze: (text) => ({ keyPhrases: extractKeyPhrases(text) }),
  },
  LanguageDetection: {
    maxDocuments: MAX_DETECTED_DOCUMENTS,
    languages: null,
    analyze: (text) => ({ detectedLanguage: detectLanguage(text) }),
  },
};

/** What the outer error says; the inner one says what is wrong. */
const IN_DOCUMENT = 'Invalid document in request.';
const invalidRequest = (inner: string, message: string): CognitiveError =>
  invalid(inner, message, /Document/.test(inner) ? IN_DOCUMENT : 'Invalid request.');

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const readBody = async (request: Request): Promise<Json> => {
  const bytes = await readBytes(request, BODY_LIMIT_BYTES);
  if (!bytes) throw new CognitiveError(413, 'InvalidRequest', 'Request body too large.', { inner: 'InvalidRequestBodyFormat' });
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
    throw new CognitiveError(415, 'UnsupportedMediaType', 'The content type has to be application/json.');
  }
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    body = undefined;
  }
  if (!isObject(body))
    throw invalidRequest(
      'InvalidRequestBodyFormat',
      'Request body format is wrong. Make sure the json request is serialized correctly and there are no null members.',
    );
  return body;
};

const readDocuments = (input: unknown, maxDocuments: number): readonly Document[] => {
  const documents = isObject(input) ? input.documents : undefined;
  if (!Array.isArray(documents) || documents.length === 0) {
    throw invalidRequest('MissingInputDocuments', 'Missing input documents.');
  }
  if (documents.length > maxDocuments) {
    const message = `Batch request contains too many records. Max ${maxDocuments} records are permitted.`;
    throw invalidRequest('InvalidDocumentBatch', message);
  }
  const read = documents.map((document: unknown): Document => {
    const { id, text, language = 'en' } = isObject(document) ? document : {};
    if (typeof id !== 'string' || id === '') throw invalidRequest('InvalidDocument', 'Document Id is empty.');
    if (typeof text !== 'string' || typeof language !== 'string') {
      throw invalidRequest('InvalidRequestBodyFormat', `The document '${id}' has no text, or a language that is none.`);
    }
    return { id, text, language: language === '' ? 'en' : language };
  });
  if (new Set(read.map(({ id }) => id)).size < read.length) {
    throw invalidRequest('InvalidDocument', 'Request contains duplicated Ids. Make sure each document has a unique Id.');
  }
  return read;
};

const readOptions = (stringIndexType: unknown = 'TextElements_v8', modelVersion: unknown = 'latest'): Options => {
  const indexType = STRING_INDEX_TYPES.find((type) => type === stringIndexType);
  if (!indexType) {
    const message = `Invalid parameter in request: stringIndexType. Possible values are: ${STRING_INDEX_TYPES.join(',')}.`;
    throw invalidRequest('InvalidParameterValue', message);
  }
  if (modelVersion !== 'latest' && modelVersion !== MODEL_VERSION) {
    throw invalidRequest('ModelVersionIncorrect', `Invalid model version. Possible values are: latest,${MODEL_VERSION}.`);
  }
  return { indexType };
};

/** What keeps one document from being analyzed, while the others are. */
const problemOf = ({ text, language }: Document, languages: Kind['languages']): CognitiveError | undefined => {
  const invalidDocument = (inner: string, message: string) =>
    new CognitiveError(400, 'InvalidArgument', message, { inner, summary: IN_DOCUMENT });
  if (text.trim() === '') return invalidDocument('InvalidDocument', 'Document text is empty.');
  if (lengthOf(text, 'TextElements_v8') > MAX_TEXT_ELEMENTS) {
    return invalidDocument(
      'InvalidDocument',
      `A document within the request was too large to be processed. Limit document size to: ${MAX_TEXT_ELEMENTS} text elements. For additional details on the data limitations see https://aka.ms/text-analytics-data-limits`,
    );
  }
  if (languages === null || languages.includes(language.toLowerCase().split('-')[0] ?? '')) return undefined;
  const message = `Invalid Language Code. Supported languages: ${languages.join(',')}. For additional details see https://aka.ms/text-analytics/language-support`;
  return invalidDocument('UnsupportedLanguageCode', message);
};

const recordsOf = (text: string): number => Math.ceil(lengthOf(text, 'TextElements_v8') / RECORD_CHARACTERS);

/** What came of the documents; what is wrong with one of them is said beside the others' results. */
const analyze = (asked: Kind, documents: readonly Document[], options: Options, withStatistics: boolean) => {
  const checked = documents.map((document) => ({ document, problem: problemOf(document, asked.languages) }));
  const valid = checked.filter(({ problem }) => !problem).map(({ document }) => document);
  const errors = checked.flatMap(({ document: { id }, problem }) => (problem ? [{ id, error: problem.body }] : []));
  const statistics = {
    documentsCount: checked.length,
    validDocumentsCount: valid.length,
    erroneousDocumentsCount: errors.length,
    transactionsCount: valid.reduce((sum, { text }) => sum + recordsOf(text), 0),
  };
  return {
    documents: valid.map(({ id, text }) => ({
      id,
      ...asked.analyze(text, options),
      warnings: [],
      ...(withStatistics
        ? { statistics: { charactersCount: lengthOf(text, 'TextElements_v8'), transactionsCount: recordsOf(text) } }
        : {}),
    })),
    errors,
    modelVersion: MODEL_VERSION,
    ...(withStatistics ? { statistics } : {}),
  };
};

/**
 * Analyzes the documents of a request.
 * @throws {CognitiveError} for a request that is wrong as a whole
 */
export const analyzeText = async (request: Request, url: URL): Promise<Response> => {
  const body = await readBody(request);
  const { kind, parameters = {}, analysisInput } = body;
  const asked = typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!asked) {
    const message = `The kind '${kind}' is not supported here. Supported are: ${Object.keys(KINDS).join(', ')}.`;
    throw invalidRequest('InvalidParameterValue', message);
  }
  if (!isObject(parameters)) throw invalidRequest('InvalidParameterValue', 'The parameters are not an object.');
  const options = readOptions(parameters.stringIndexType, parameters.modelVersion);
  const documents = readDocuments(analysisInput, asked.maxDocuments);
  const results = analyze(asked, documents, options, url.searchParams.get('showStats') === 'true');
  return Response.json({ kind: `${kind}Results`, results });
};

/** As `analyzeText`, for an operation of Text Analytics 3.x, whose path says what is asked, and whose query how. */
export const analyzeTextEarlier = async (request: Request, { searchParams }: URL, kind: string): Promise<Response> => {
  const asked = KINDS[kind];
  if (!asked) throw new TypeError(`nobody analyzes texts for ${kind}`);
  const options = readOptions(searchParams.get('stringIndexType') ?? undefined, searchParams.get('model-version') ?? undefined);
  const documents = readDocuments(await readBody(request), asked.maxDocuments);
  return Response.json(analyze(asked, documents, options, searchParams.get('showStats') === 'true'));
};
