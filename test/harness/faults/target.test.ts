import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeTarget, matchesTarget, targetPattern } from '../../../harness/faults/target.ts';
import type { Link } from '../../../harness/topology/link.ts';
import { awsEast, googleCentral } from '../../support/faults.ts';

describe('a target', () => {
  it.each([
    ['*', true],
    ['aws', true],
    ['aws/us-east-1', true],
    ['aws/us-east-1/sagemaker-runtime', true],
    ['*/*/sagemaker-*', true],
    ['a*s/us-*-1', true],
    ['aws/*east*', true],
    ['google', false],
    ['aws/us-east', false],
    ['aws/us-east-1/sagemaker', false],
    ['aw', false],
    ['AWS', false],
    ['aws/us-east-1/sagemaker-runtime/more', false],
  ])('%s matches aws/us-east-1/sagemaker-runtime: %s', (pattern, expected) => {
    expect(matchesTarget(pattern, awsEast)).toBe(expected);
  });

  it('does not let * run over a slash', () => {
    expect(matchesTarget('aws*runtime', awsEast)).toBe(false);
    expect(matchesTarget('google/*/aiplatform', googleCentral)).toBe(true);
  });

  it('matches as a regular expression with .* for * would, for all patterns and names', () => {
    // A small alphabet, so that pieces repeat and overlap.
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '-', '1'), minLength: 1, maxLength: 8 });
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(name, name, name, fc.array(part, { minLength: 1, maxLength: 3 }), (provider, region, service, parts) => {
        const link = { ...awsEast, provider: provider as Link['provider'], region, service };
        const oracle = [...parts, '*', '*'].slice(0, 3).map((text) => new RegExp(`^${text.replaceAll('*', '.*')}$`));
        const expected = [provider, region, service].every((text, index) => oracle[index]!.test(text));
        expect(matchesTarget(parts.join('/'), link)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('is described in words', () => {
    expect(describeTarget('aws/us-east-1')).toBe('aws, region us-east-1, every service');
    expect(describeTarget('*')).toBe('every provider, every region, every service');
    expect(describeTarget('*/*/aiplatform')).toBe('every provider, every region, service aiplatform');
  });

  it.each(['', 'aws/', '/us-east-1', 'aws//x', 'a/b/c/d', 'AWS', 'aws us'])('is refused in a scenario as "%s"', (pattern) => {
    expect(targetPattern.safeParse(pattern).error?.issues[0]?.message).toContain('expected a target provider/region/service');
  });

  it.each(['*', 'aws', 'aws/us-*', 'google/us-central1/aiplatform'])('is accepted in a scenario as %s', (pattern) => {
    expect(targetPattern.parse(pattern)).toBe(pattern);
  });
});
