import { describe, expect, it } from 'vitest';
import { judgeAudit } from '../../scripts/audit/judge.ts';

const report = (...severities: readonly string[]): string =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(
      severities.map((severity, index) => [
        `package-${index}`,
        {
          name: `package-${index}`,
          severity,
          range: '<1.2.3',
          via: [{ title: 'It can be made to hang', url: 'https://advisories.example/1' }, 'another'],
        },
      ]),
    ),
  });

describe('an audit of dependencies', () => {
  it('is clean without advisories, and with those below high', () => {
    expect(judgeAudit(report())).toEqual({ outcome: 'clean', lines: [] });
    expect(judgeAudit(report('low', 'moderate'))).toEqual({
      outcome: 'clean',
      lines: [
        'moderate: package-1 <1.2.3: It can be made to hang https://advisories.example/1; by another',
        'low: package-0 <1.2.3: It can be made to hang https://advisories.example/1; by another',
      ],
    });
  });

  it.each(['high', 'critical', 'catastrophic'])('fails for one of severity %s', (severity) => {
    expect(judgeAudit(report('low', severity)).outcome).toBe('advisories');
  });

  it.each([
    ['', 'npm audit printed no JSON'],
    [
      '{"message":"405 Method Not Allowed","statusCode":405,"error":{"summary":"","detail":""}}',
      'the registry gave no advisories (HTTP 405)',
    ],
    [
      '{"error":{"code":"ENOAUDIT","summary":"Your configured registry does not support audit requests."}}',
      'Your configured registry does not support audit requests.',
    ],
    ['{"auditReportVersion":3}', 'the registry gave no advisories'],
  ])('is never clean when it did not take place: %s', (printed, why) => {
    expect(judgeAudit(printed)).toEqual({ outcome: 'unavailable', why });
  });
});
