import { toxiActions, toxiproxyCall } from '../chaos/actions.ts';
import { createSubstitution } from '../chaos/configuration.ts';
import { probeBounds } from '../chaos/hypothesis.ts';
import { createProxyTimeline } from '../chaos/proxies.ts';
import type { Content, ImportFile } from '../content.ts';
import type { ImportFormat } from '../format.ts';
import type { ExpectedBound, Experiment, Unimported } from '../incident.ts';
import { importLimits } from '../limits.ts';
import { badFile, badValue } from '../problem.ts';
import { isRecord, type JsonRecord, listOf } from '../records.ts';

const HYPOTHESIS = 'steady-state-hypothesis';

const experimentOf = (content: Content): JsonRecord | undefined => {
  const value = content.form === 'json' || content.form === 'yaml' ? content.value : undefined;
  return isRecord(value) && (Array.isArray(value.method) || isRecord(value[HYPOTHESIS])) ? value : undefined;
};

class Reading {
  readonly proxies = createProxyTimeline();
  readonly hosts: Record<string, string | null> = {};
  readonly unimported: Unimported[] = [];
  readonly substitute: (value: unknown) => unknown;
  readonly declared = new Map<string, JsonRecord>();
  readonly file: ImportFile;
  readonly isYaml: boolean;
  atMs = 0;

  constructor(file: ImportFile, isYaml: boolean, experiment: JsonRecord) {
    this.file = file;
    this.isYaml = isYaml;
    this.substitute = createSubstitution(experiment.configuration);
    const all = [
      ...listOf(experiment[HYPOTHESIS], 'probes'),
      ...listOf(experiment, 'method'),
      ...listOf(experiment, 'rollbacks'),
    ];
    for (const one of all) if (isRecord(one) && typeof one.name === 'string') this.declared.set(one.name, one);
  }

  leave(what: string, where: string, why: string): void {
    this.unimported.push({ what, where, why });
  }

  /** An activity, or the one that it refers to. @throws {SquallError} for one that is none */
  activity(value: unknown, path: readonly (string | number)[]): JsonRecord {
    const wrong = (part: readonly string[], message: string) =>
      badValue({ name: this.file.name, text: this.file.text, isYaml: this.isYaml }, [...path, ...part], message);
    if (!isRecord(value)) throw wrong([], 'expected an activity: a mapping with type, name and provider');
    if (value.ref === undefined) return value;
    const referred = this.declared.get(String(value.ref));
    if (!referred) throw wrong(['ref'], `no activity is called ${JSON.stringify(value.ref)}`);
    return referred;
  }

  pause(activity: JsonRecord, which: 'before' | 'after', path: readonly (string | number)[]): void {
    const pauses = isRecord(activity.pauses) ? activity.pauses : {};
    const given = this.substitute(pauses[which]);
    if (given === undefined) return;
    const seconds = Number(given);
    if (!(seconds >= 0) || seconds > 86_400) {
      throw badValue(
        { name: this.file.name, text: this.file.text, isYaml: this.isYaml },
        [...path, 'pauses', which],
        `expected seconds, got ${JSON.stringify(given)}`,
      );
    }
    this.atMs += seconds * 1000;
  }

  act(activity: JsonRecord, where: string): void {
    const name = String(activity.name ?? 'without a name');
    const provider = isRecord(activity.provider) ? activity.provider : {};
    const context = { proxies: this.proxies, hosts: this.hosts, atMs: this.atMs, because: `Action ${name} (${where}).` };
    const args = this.substitute(provider.arguments);
    const [, unknown] = /\$\{([^}]+)\}/.exec(JSON.stringify(args ?? {})) ?? [];
    if (unknown !== undefined) {
      this.leave(`action ${name}`, where, `it needs ${unknown}, and the configuration has no value for it`);
      return;
    }
    if (provider.type === 'http') {
      const called = toxiproxyCall({ ...provider, url: this.substitute(provider.url), arguments: args }, context);
      if (!called) this.leave(`action ${name}`, where, `a call of ${String(provider.url)} is no action of Toxiproxy's`);
      else if (called.why !== undefined) this.leave(`action ${name}`, where, called.why);
      return;
    }
    const called = `${String(provider.module)}.${String(provider.func)}`;
    const action = provider.type === 'python' && Object.hasOwn(toxiActions, called) ? toxiActions[called] : undefined;
    if (!action) {
      const what = provider.type === 'python' ? called : `a provider of type ${String(provider.type)}`;
      this.leave(
        `action ${name}`,
        where,
        `${what} acts on something that a scenario does not have; only chaostoxi's actions are read`,
      );
      return;
    }
    const why = action(isRecord(args) ? args : {}, context);
    if (why !== undefined) this.leave(`action ${name}`, where, why);
  }

  /** Activities one after the other, with their pauses. */
  play(list: readonly unknown[], section: string): void {
    list.forEach((value, index) => {
      const path = [section, index];
      const where = `${section}[${index}]`;
      const activity = this.activity(value, path);
      this.pause(activity, 'before', path);
      if (activity.type === 'action') this.act(activity, where);
      else
        this.leave(
          `probe ${String(activity.name ?? '')}`,
          where,
          'outside of the hypothesis a probe only collects; the report has its figures',
        );
      this.pause(activity, 'after', path);
    });
  }

  hypothesis(value: unknown): readonly ExpectedBound[] {
    return listOf(value, 'probes').flatMap((one, index) => {
      const where = `${HYPOTHESIS}.probes[${index}]`;
      const probe = this.activity(one, [HYPOTHESIS, 'probes', index]);
      const provider = isRecord(probe.provider) ? probe.provider : {};
      if (provider.type !== 'http') {
        this.leave(
          `probe ${String(probe.name ?? '')}`,
          where,
          `a probe of type ${String(provider.type)} looks at something that a scenario does not have`,
        );
        return [];
      }
      const { bounds, left } = probeBounds(probe, {
        ...provider,
        url: this.substitute(provider.url),
        timeout: this.substitute(provider.timeout),
      });
      for (const why of left) this.leave(`probe ${String(probe.name ?? '')}`, where, why);
      return bounds;
    });
  }
}

/** The strictest of the bounds of one metric, with all that say so. */
const strictest = (bounds: readonly ExpectedBound[]): readonly ExpectedBound[] =>
  [...Map.groupBy(bounds, ({ metric }) => metric)].map(([metric, own]) => {
    const ms = ({ bound }: ExpectedBound): number =>
      Number.parseFloat(String(bound.max ?? '0')) * (/\ds$/.test(String(bound.max)) ? 1000 : 1);
    const [first] = own.toSorted((a, b) => ms(a) - ms(b));
    return { metric, bound: first!.bound, because: [...new Set(own.map(({ because }) => because))].join(' ') };
  });

/**
 * Experiments of the Chaos Toolkit, in JSON or YAML: chaostoolkit.org/reference/api/experiment (read 2026-11-27). Its hypothesis holds before the
 * method and after it, and only then come the rollbacks: what the method leaves on, it must hold under.
 */
export const chaostoolkit: ImportFormat = {
  name: 'chaostoolkit',
  summary: "Chaos Toolkit experiments, JSON or YAML: HTTP probes of the hypothesis, chaostoxi's and Toxiproxy's actions, pauses.",
  detects: (content) => experimentOf(content) !== undefined,
  read(file, content): Experiment {
    const experiment = experimentOf(content);
    if (!experiment)
      throw badFile(
        file.name,
        { line: 1 },
        'is no experiment of the Chaos Toolkit; expected a method and a steady-state-hypothesis',
      );
    const method = listOf(experiment, 'method');
    if (method.length > importLimits.activities) {
      throw badFile(file.name, undefined, `method: expected at most ${importLimits.activities} activities`);
    }
    const reading = new Reading(file, content.form === 'yaml', experiment);
    const steadyState = strictest(reading.hypothesis(experiment[HYPOTHESIS]));
    reading.play(method, 'method');
    // Rollbacks come when all is judged; whatever they take back has lasted until then.
    const all = reading.proxies.faults(reading.atMs);
    const faults = all.filter(({ forMs }) => forMs > 0);
    for (const { kind, target, because } of all.filter(({ forMs }) => forMs === 0)) {
      reading.leave(`${kind} on proxy ${target}`, because, 'it is taken away as it is put on: there is no pause between');
    }
    const lengthMs = Math.max(reading.atMs, ...faults.map(({ atMs, forMs }) => atMs + forMs));
    const rolledBack = listOf(experiment, 'rollbacks').filter(isRecord);
    for (const [index, one] of rolledBack.entries()) {
      const provider = isRecord(one.provider) ? one.provider : {};
      const called = `${String(provider.module)}.${String(provider.func)}`;
      const context = { proxies: reading.proxies, hosts: {}, atMs: lengthMs, because: '' };
      if (Object.hasOwn(toxiActions, called) || (provider.type === 'http' && toxiproxyCall(provider, context))) continue;
      reading.leave(
        `rollback ${String(one.name ?? '')}`,
        `rollbacks[${index}]`,
        'faults end by themselves; there is nothing to roll back',
      );
    }
    for (const section of ['controls', 'secrets'] as const) {
      if (experiment[section] !== undefined) reading.leave(section, section, 'they are of the Chaos Toolkit itself');
    }
    return {
      type: 'experiment',
      title: String(experiment.title ?? 'An experiment'),
      description: String(experiment.description ?? ''),
      lengthMs,
      faults,
      proxies: reading.hosts,
      steadyState,
      unimported: reading.unimported,
    };
  },
};
