import { z } from 'zod';

const MAX_PATH = 2_000;
const MAX_BODY = 64 * 1024;

const headerName = z
  .string()
  .regex(/^[a-z0-9!#$%&'*+.^_`|~-]+$/, 'expected the name of a header in lower case, such as authorization');

/** What a request of the door `http` is. docs/front-doors.md describes it. */
export const httpBlock = z.strictObject({
  method: z.enum(['GET', 'POST']).prefault('POST'),
  path: z.string().startsWith('/', 'expected a path, such as /v1/predict').max(MAX_PATH),
  headers: z.record(headerName, z.string().max(8_000)).prefault({}),
  body: z
    .unknown()
    .optional()
    .refine((body) => (JSON.stringify(body) ?? '').length <= MAX_BODY, `expected at most ${MAX_BODY} characters`)
    .describe('A mapping or list is sent as JSON, a text as it is; {{id}}, {{model}} and {{pixels}} are filled in.'),
  label: z
    .string()
    .min(1)
    .max(400)
    .optional()
    .describe('Where the answer has the predicted label: keys and indices, such as 0.label.'),
  servedBy: headerName.optional().describe('Header of the answer that says who served it; x-squall-served-by when left out.'),
});
