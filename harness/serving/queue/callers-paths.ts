import { CALLER_HEADERS } from '../caller.ts';
import type { CallersPaths } from '../identity/guard-node.ts';
import { readText } from '../read-text.ts';
import { SUBJECT } from './job-attributes.ts';

const LIMIT_BYTES = 8 * 1024 * 1024;

interface Sent {
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** A body that is no object is the service's to refuse. */
const parse = (text: string | null): Sent | undefined => {
  try {
    const sent: unknown = JSON.parse(text ?? '');
    return typeof sent === 'object' && sent !== null && !Array.isArray(sent) ? sent : undefined;
  } catch {
    return undefined;
  }
};

/** Producers send jobs, or events, themselves, and consumers get results. @param path where they are sent */
export const createCallersPaths = (path: string): CallersPaths => ({
  includes: (method, pathname) =>
    (method === 'POST' && pathname === path) || (method === 'GET' && /^\/results\/[^/]+$/.test(pathname)),
  async tenantIn(request) {
    if (request.method !== 'POST') return '';
    const tenant = parse(await readText(request, LIMIT_BYTES))?.attributes?.[CALLER_HEADERS.tenant];
    return typeof tenant === 'string' ? tenant : '';
  },
  async inNameOf(request, { subject, tenant }) {
    if (request.method !== 'POST') return request;
    const text = await readText(request, LIMIT_BYTES);
    const sent = parse(text);
    const attributes = { ...sent?.attributes, [SUBJECT]: subject, ...(tenant === '' ? {} : { [CALLER_HEADERS.tenant]: tenant }) };
    const body = sent ? JSON.stringify({ ...sent, attributes }) : (text ?? '');
    return new Request(request.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: request.signal,
    });
  },
});
