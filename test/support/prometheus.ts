/** A figure of Prometheus's text format. */
export interface Figure {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;
const VALUE = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?Inf|NaN)$/;
const TYPES = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  summary: ['', '_sum', '_count'],
  histogram: ['_bucket', '_sum', '_count'],
};
const UNESCAPED: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

const readLabels = (text: string, line: string): Record<string, string> => {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text);
    if (!match) throw new Error(`labels are not labels: ${line}`);
    const [, name = '', value = ''] = match;
    if (name in labels || name.startsWith('__')) throw new Error(`label ${name} may not be there: ${line}`);
    labels[name] = value.replace(/\\[\\"n]/g, (escaped) => UNESCAPED[escaped]!);
  }
  return labels;
};

/**
 * Reads Prometheus's text format 0.0.4 by the letter: help and type once and before the figures, figures of one metric together, none
 * twice, a counter's name ends in `_total`, the last line ends.
 * @throws {Error} with the line that is amiss
 */
export const readPrometheus = (text: string): readonly Figure[] => {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line does not end');
  const types = new Map<string, string>();
  const helped = new Set<string>();
  const begun: string[] = [];
  const seen = new Set<string>();
  const figures: Figure[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (word) {
      if (!METRIC.test(name) || begun.includes(name)) throw new Error(`it comes too late or has no good name: ${line}`);
      if (word === 'TYPE' ? types.has(name) : helped.has(name)) throw new Error(`it comes twice: ${line}`);
      if (word === 'TYPE' && !TYPES.has(rest)) throw new Error(`there is no such type: ${line}`);
      if (word === 'HELP') helped.add(name);
      else types.set(name, rest);
      continue;
    }
    if (line.startsWith('#')) continue;
    const [, full = '', labelText = '', value = ''] = SAMPLE.exec(line) ?? [];
    if (!full || !VALUE.test(value)) throw new Error(`no figure: ${line}`);
    const family = [...types].find(([metric, type]) => (SUFFIXES[type] ?? ['']).some((suffix) => full === metric + suffix));
    if (!family) throw new Error(`its type is not said: ${line}`);
    const [metric, type] = family;
    if (type === 'counter' && !(full.endsWith('_total') && Number(value) >= 0)) throw new Error(`no counter: ${line}`);
    if (begun.includes(metric) && begun.at(-1) !== metric) throw new Error(`it is apart from its metric: ${line}`);
    if (begun.at(-1) !== metric) begun.push(metric);
    const labels = readLabels(labelText, line);
    const key = `${full} ${JSON.stringify(Object.entries(labels).sort())}`;
    if (seen.has(key)) throw new Error(`it comes twice: ${line}`);
    seen.add(key);
    figures.push({ name: full, labels, value: Number(value) });
  }
  return figures;
};
