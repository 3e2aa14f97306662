import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../harness/verdict/report.ts';
import { reporters } from '../../reports/index.ts';
import { schemaProblems } from '../support/junit-schema.ts';
import { aFailedReport, anInvalidReport, aPassedReport, written } from '../support/reports.ts';
import { elementsOf, readXml } from '../support/xml.ts';

const junit = (...reports: readonly RunReport[]) => readXml(written(reporters.junit!, reports).output);
const problemsOf = (document: ReturnType<typeof junit>) =>
  elementsOf(document, 'testcase').flatMap(({ attributes, children }) =>
    children.map((problem) => [attributes.name, problem.name, problem.attributes.type, problem.text]),
  );

describe('junit reporter', () => {
  it('keeps to the schemas of Jenkins and Ant', () => {
    expect(schemaProblems(junit(aPassedReport(), aFailedReport(), anInvalidReport()))).toEqual([]);
    expect(schemaProblems(junit())).toEqual([]);
  });

  it('has a suite for each run, with what is needed to run it again', () => {
    const [suite] = elementsOf(junit(aFailedReport()), 'testsuite');
    expect(suite?.attributes).toMatchObject({
      name: 'region-outage.reference',
      time: '30.000',
      timestamp: '2026-11-24T21:00:00',
    });
    const properties = Object.fromEntries(
      elementsOf(suite!, 'property').map(({ attributes }) => [attributes.name, attributes.value]),
    );
    expect(properties).toMatchObject({
      scenario: 'region-outage',
      design: 'reference',
      world: 'live',
      seed: '1',
      verdict: 'failed',
      costUsd: '2.75',
      costUsdPer1k: '0.929',
      'costUsd.aws': '2.75',
    });
  });

  it('given a system of the user, then the suite is named by it and not by a design of ours', () => {
    const document = junit({ ...aFailedReport(), sut: 'docker:my/image:1.2' });
    const [suite] = elementsOf(document, 'testsuite');
    expect(suite?.attributes.name).toBe('region-outage.docker:my/image:1.2');
    const properties = Object.fromEntries(
      elementsOf(suite!, 'property').map(({ attributes }) => [attributes.name, attributes.value]),
    );
    expect(properties['system-under-test']).toBe('docker:my/image:1.2');
    expect(properties).not.toHaveProperty('design');
    expect(elementsOf(suite!, 'testcase')[0]?.attributes.classname).toBe('squall.region-outage.docker:my/image:1_2');
    expect(schemaProblems(document)).toEqual([]);
    expect(schemaProblems(junit({ ...aFailedReport(), sut: "node  server.js | grep -v '<\n>' " }))).toEqual([]);
  });

  it('has a case for each expectation, named by what is required and not by what was seen', () => {
    const names = elementsOf(junit(aFailedReport()), 'testcase').map(({ attributes }) => attributes.name);
    expect(names).toEqual([
      'the run comes to its end',
      'steady state: availability in baseline >= 99 %',
      'availability in region-outage >= 95 %',
      'p99 in region-outage <= 300 ms',
      'failoverTime in region-outage <= 3000 ms',
      'p999 in recovery <= 500 ms',
      'costPer1k in all <= $2',
    ]);
  });

  it('given a failed run, then a broken bound is a failure and an unmeasurable one an error', () => {
    const document = junit(aFailedReport());
    expect(problemsOf(document)).toEqual([
      ['p99 in region-outage <= 300 ms', 'failure', 'broken', 'p99 in region-outage was 812 ms, required <= 300 ms (n=1000)'],
      [
        'p999 in recovery <= 500 ms',
        'error',
        'unmeasurable',
        "p999 in recovery can't be judged: 1000 requests, at least 5000 are needed",
      ],
    ]);
    expect(elementsOf(document, 'testsuite')[0]?.attributes).toMatchObject({ tests: '7', failures: '1', errors: '1' });
  });

  it('given an invalid run, then nothing is a failure', () => {
    const broken: RunReport = { ...aFailedReport(), verdict: { outcome: 'invalid', reasons: ['steady state: broken'] } };
    for (const report of [anInvalidReport(), broken]) {
      const document = junit(report);
      expect(elementsOf(document, 'failure')).toEqual([]);
      expect(elementsOf(document, 'error').length).toBe(2);
      expect(elementsOf(document, 'testsuite')[0]?.attributes).toMatchObject({ failures: '0', errors: '2' });
    }
  });

  it('given a system under test that exited after baseline, then the run itself is the failure', () => {
    const report: RunReport = {
      ...aPassedReport(),
      end: { type: 'sut-exited', atMs: 15_000, text: 'out of memory' },
      verdict: { outcome: 'failed', reasons: ['the system under test went away at 15 s: out of memory'] },
    };
    expect(problemsOf(junit(report))).toEqual([
      ['the run comes to its end', 'failure', 'sut-exited', 'the system under test went away at 15 s: out of memory'],
    ]);
  });

  it('given the same scenario and design twice, then no two cases have the same name: GitLab would drop the second', () => {
    const cases = elementsOf(junit(aFailedReport(), aFailedReport()), 'testcase');
    const keys = cases.map(({ attributes }) => `${attributes.classname} ${attributes.name}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('given two expectations that read alike, then their cases are told apart', () => {
    const [expectation] = aPassedReport().expectations;
    const spaced = { ...expectation!, phase: ' two  words ' };
    const document = junit({ ...aPassedReport(), expectations: [spaced, spaced] });
    expect(schemaProblems(document)).toEqual([]);
    expect(elementsOf(document, 'testcase').map(({ attributes }) => attributes.name)).toEqual([
      'the run comes to its end',
      'availability in two words >= 95 %',
      'availability in two words >= 95 % (2)',
    ]);
  });

  it('given any characters in the words of a run, then the document is well-formed and keeps those that XML can hold', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom('&', '<', ']]>', '"', '\n', '\t', '\u0000', '\ud800', 'x') }),
        (any, nasty) => {
          const words = `${any}${nasty}`;
          const report: RunReport = {
            ...anInvalidReport(),
            title: words,
            events: [{ atMs: 0, text: words }],
            verdict: { outcome: 'invalid', reasons: [words] },
          };
          const document = junit(report);
          expect(schemaProblems(document)).toEqual([]);
          const speakable = words.toWellFormed().replace(/[^\t\n\r\u{20}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}');
          const title = elementsOf(document, 'property').find(({ attributes }) => attributes.name === 'title');
          expect(title?.attributes.value).toBe(speakable);
          expect(elementsOf(document, 'error')[0]?.text).toBe(speakable);
        },
      ),
      { numRuns: 300 },
    );
  });
});
