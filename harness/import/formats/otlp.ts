import { type CallOutcome, type IncidentCall, outcomeOfStatus, seriesOfCalls } from '../calls.ts';
import type { Content, ImportFile } from '../content.ts';
import type { ImportFormat } from '../format.ts';
import { importLimits } from '../limits.ts';
import { badFile, badValue } from '../problem.ts';
import { isRecord, type JsonRecord, listOf } from '../records.ts';
import { createSkipped, type Skipped } from '../skipped.ts';

/** SPAN_KIND_CLIENT and STATUS_CODE_ERROR of opentelemetry/proto/trace/v1/trace.proto (read 2026-11-27). */
const CLIENT = 3;
const ERROR = 2;

/** google.rpc.Code by number, of those that say more than that a call failed. */
const GRPC_OUTCOMES: Readonly<Record<number, CallOutcome>> = { 0: 'ok', 4: 'timeout', 8: 'throttled', 14: 'connection' };

const TIMEOUT = /time.?out|deadline|abort|cancel/i;
const CONNECTION = /connect|refused|reset|ENOTFOUND|EAI_AGAIN|unknown_?host|name_resolution|socket|EPIPE|network/i;

type Attributes = ReadonlyMap<string, string | number>;

/** AnyValue: a string as it is, 64-bit integers as strings or numbers; what is neither has no use here. */
const attributesOf = (owner: unknown): Attributes => {
  const attributes = new Map<string, string | number>();
  for (const one of listOf(owner, 'attributes')) {
    if (!isRecord(one) || typeof one.key !== 'string' || !isRecord(one.value)) continue;
    const { stringValue, intValue, doubleValue } = one.value;
    if (typeof stringValue === 'string') attributes.set(one.key, stringValue);
    else if (intValue !== undefined) attributes.set(one.key, Number(intValue));
    else if (typeof doubleValue === 'number') attributes.set(one.key, doubleValue);
  }
  return attributes;
};

const text = (attributes: Attributes, ...names: readonly string[]): string | undefined => {
  for (const name of names) {
    const value = attributes.get(name);
    if (value !== undefined && value !== '') return String(value);
  }
  return undefined;
};

const hostOfUrl = (url: string | undefined): string | undefined =>
  url === undefined || !URL.canParse(url) ? undefined : new URL(url).hostname || undefined;

/** Where a call went: the span's own region first, then the host. The resource's region is where its caller runs. */
const keyOf = (attributes: Attributes): string | undefined => {
  const region = text(attributes, 'cloud.region', 'aws.region');
  if (region !== undefined) return [text(attributes, 'cloud.provider'), region].filter((part) => part !== undefined).join('/');
  return text(attributes, 'server.address', 'net.peer.name', 'http.host') ?? hostOfUrl(text(attributes, 'url.full', 'http.url'));
};

const outcomeOf = (attributes: Attributes, status: number | null, isError: boolean): CallOutcome => {
  if (status !== null && status > 0) return outcomeOfStatus(status);
  const grpc = text(attributes, 'rpc.grpc.status_code');
  if (grpc !== undefined) return GRPC_OUTCOMES[Number(grpc)] ?? 'error';
  const type = text(attributes, 'error.type', 'exception.type') ?? '';
  if (!isError && type === '') return 'ok';
  if (CONNECTION.test(type) && !TIMEOUT.test(type)) return 'connection';
  return TIMEOUT.test(type) ? 'timeout' : 'error';
};

/** Nanoseconds since 1970, a string or a number, as milliseconds; a double is good to a quarter of a microsecond there. */
const millisOf = (nanos: unknown): number =>
  typeof nanos === 'number' || (typeof nanos === 'string' && /^\d+$/.test(nanos)) ? Number(nanos) / 1e6 : Number.NaN;

const isClient = ({ kind }: JsonRecord): boolean => kind === CLIENT || kind === 'SPAN_KIND_CLIENT';

const callOf = (span: JsonRecord, skipped: Skipped, where: string): IncidentCall | undefined => {
  if (!isClient(span)) {
    skipped.add('span that is no call of a client', 'only spans of kind CLIENT (3) say what a caller met', where);
    return undefined;
  }
  const attributes = attributesOf(span);
  const key = keyOf(attributes);
  if (key === undefined) {
    skipped.add('client span without an address', 'it has none of cloud.region, server.address, url.full', where);
    return undefined;
  }
  const [startMs, endMs] = [millisOf(span.startTimeUnixNano), millisOf(span.endTimeUnixNano)];
  if (!(startMs > 0 && endMs >= startMs)) {
    skipped.add('client span without a duration', 'startTimeUnixNano and endTimeUnixNano must be nanoseconds in order', where);
    return undefined;
  }
  const told = text(attributes, 'http.response.status_code', 'http.status_code');
  const status = told === undefined ? null : Number(told);
  const isError = isRecord(span.status) && (span.status.code === ERROR || span.status.code === 'STATUS_CODE_ERROR');
  return { key, startMs, tookMs: endMs - startMs, outcome: outcomeOf(attributes, status, isError), status };
};

interface Export {
  readonly value: JsonRecord;
  readonly where: string;
}

const exportsOf = (file: ImportFile, content: Content): readonly Export[] | undefined => {
  if (content.form === 'json') return isRecord(content.value) ? [{ value: content.value, where: '' }] : undefined;
  if (content.form !== 'json-lines') return undefined;
  return content.lines.map(({ value, line, text: own }) => {
    if (isRecord(value)) return { value, where: `line ${line} ` };
    throw badValue({ name: file.name, text: own, line }, [], 'expected an object with resourceSpans');
  });
};

/**
 * Traces in OTLP's JSON encoding: enumerations as numbers, 64-bit integers as strings or numbers, names in camel case
 * (opentelemetry-proto, docs/specification.md, "JSON Protobuf Encoding"; read 2026-11-27). Files hold
 * one export a line (opentelemetry.io/docs/specs/otel/protocol/file-exporter; read 2026-11-27).
 * Attributes are those of OpenTelemetry's semantic conventions for HTTP client spans, the stable ones and those of version 1.20 and before
 * (opentelemetry.io/docs/specs/semconv/http/http-spans; read 2026-11-27).
 */
export const otlp: ImportFormat = {
  name: 'otlp',
  summary: 'OpenTelemetry traces in OTLP JSON, one export or one a line: client spans by region or host.',
  detects: (content) => {
    const first = content.form === 'json' ? content.value : content.form === 'json-lines' ? content.lines[0]?.value : undefined;
    return isRecord(first) && ['resourceSpans', 'resourceMetrics', 'resourceLogs'].some((name) => Array.isArray(first[name]));
  },
  read(file, content) {
    const exports = exportsOf(file, content);
    if (!exports) throw badFile(file.name, { line: 1 }, 'is no OTLP JSON; expected an object with resourceSpans');
    const skipped = createSkipped();
    const calls: IncidentCall[] = [];
    for (const { value, where } of exports) {
      for (const other of ['resourceMetrics', 'resourceLogs'] as const) {
        if (listOf(value, other).length > 0) skipped.add(other, 'only traces are read', `${where}${other}`);
      }
      listOf(value, 'resourceSpans').forEach((resource, r) => {
        // Scopes were called instrumentation libraries before OTLP 0.15.
        const scopes = [...listOf(resource, 'scopeSpans'), ...listOf(resource, 'instrumentationLibrarySpans')];
        scopes.forEach((scope, s) => {
          listOf(scope, 'spans').forEach((span, n) => {
            const path = `${where}resourceSpans[${r}].scopeSpans[${s}].spans[${n}]`;
            if (!isRecord(span)) throw badFile(file.name, undefined, `${path}: expected an object`);
            const call = callOf(span, skipped, path);
            if (!call) return;
            if (calls.length >= importLimits.calls) {
              throw badFile(
                file.name,
                undefined,
                `${path}: expected at most ${importLimits.calls.toLocaleString('en')} client spans`,
              );
            }
            calls.push(call);
          });
        });
      });
    }
    if (calls.length === 0) {
      const [reason] = skipped.list();
      throw badFile(file.name, undefined, `has no client span to learn from${reason ? ` (${reason.what}: ${reason.why})` : ''}`);
    }
    return { type: 'incident', series: seriesOfCalls(calls), unimported: skipped.list() };
  },
};
