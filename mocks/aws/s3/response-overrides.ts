/** Headers of an object's answer that its reader may set by himself, by the parameter of the query that does so. */
export const RESPONSE_OVERRIDES: readonly string[] = [
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
];
