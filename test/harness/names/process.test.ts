import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const LIMIT_MS = 30_000;
const entry = fileURLToPath(new URL('./fixtures/process-with-names.ts', import.meta.url));

it(
  'a name that fails takes new connections of `fetch`, and leaves the kept one',
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [entry], { timeout: LIMIT_MS });
    const answered = 'queue.us-east.stack.test:PORT';
    expect(JSON.parse(stdout)).toEqual({
      before: answered,
      kept: answered,
      notFound: 'ENOTFOUND',
      noAnswer: 'EAI_AGAIN',
      after: answered,
    });
  },
  LIMIT_MS,
);
