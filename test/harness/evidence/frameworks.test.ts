import { describe, expect, it } from 'vitest';
import { frameworkIds, readFrameworks } from '../../../harness/evidence/frameworks.ts';
import { sameMetric } from '../../../harness/evidence/reported-run.ts';
import { faultKinds } from '../../../harness/faults/index.ts';
import { metricNames } from '../../../harness/verdict/metrics.ts';

/** Controls that the guide asks for. */
const ASKED_FOR: Readonly<Record<(typeof frameworkIds)[number], readonly string[]>> = {
  dora: ['Art. 11', 'Art. 12', 'Art. 24', 'Art. 25', 'Art. 26'],
  'nist-800-53': ['CP-2', 'CP-4', 'CP-7', 'CP-9', 'CP-10', 'SC-12', 'SC-13', 'AU-6', 'AC-2'],
  'iso-27001': ['5.29', '5.30', '8.13', '8.14', '8.24'],
  gdpr: ['Art. 32', 'Art. 44', 'Art. 45', 'Art. 46'],
  'eu-ai-act': ['Art. 15'],
  hipaa: ['164.308(a)(7)'],
};

/** Metrics that parts are mapped by, and that another part of squall is to have soon: they come in by themselves. */
const AWAITED = ['unauthorised-answers', 'revocation-delay'];

const parts = readFrameworks().flatMap(({ id, controls }) =>
  controls.flatMap((control) => control.parts.map((part) => ({ where: `${id} ${control.id}: ${part.shows}`, part }))),
);

describe('frameworks of controls', () => {
  it.each(frameworkIds)('%s has the controls that are asked for', (id) => {
    const [framework] = readFrameworks([id]);
    expect(framework!.id).toBe(id);
    expect(framework!.controls.map((control) => control.id)).toEqual(ASKED_FOR[id]);
  });

  it('names metrics that squall has', () => {
    const unknown = parts.flatMap(({ where, part }) => {
      const names = part.judged === 'any' ? [] : part.judged.flatMap((entry) => entry.split('|').map((name) => name.trim()));
      return names
        .filter((name) => ![...metricNames, ...AWAITED].some((known) => sameMetric(known, name)))
        .map((name) => `${name} in ${where}`);
    });
    expect(unknown).toEqual([]);
  });

  it('names kinds of fault that squall has', () => {
    const known = faultKinds.map(({ kind }) => kind);
    const unknown = parts.flatMap(({ where, part }) =>
      Array.isArray(part.faults) ? part.faults.filter((kind) => !known.includes(kind)).map((kind) => `${kind} in ${where}`) : [],
    );
    expect(unknown).toEqual([]);
  });

  it('says of each control what no run can show, and nothing of complying', () => {
    expect(JSON.stringify(readFrameworks())).not.toMatch(/\bcompl(y|ies|iant|iance)\b/i);
    for (const { controls } of readFrameworks()) for (const { notShown } of controls) expect(notShown.length).toBeGreaterThan(0);
  });

  it('refuses a framework that there is not, and names the nearest', () => {
    expect(() => readFrameworks(['hippa'])).toThrow('no framework is called "hippa". Did you mean "hipaa"?');
    expect(readFrameworks(['hipaa', 'dora']).map(({ id }) => id)).toEqual(['dora', 'hipaa']);
  });
});
