/** Severities as npm orders them (`npm audit`, audit report version 2; read November 2026). */
const SEVERITIES = ['info', 'low', 'moderate', 'high', 'critical'] as const;

/** From here on an advisory fails the check. */
const FAILS_FROM: (typeof SEVERITIES)[number] = 'high';

/** What came of an audit: `unavailable` is neither good nor bad, and has to be said. */
export type Audit =
  | { readonly outcome: 'clean' | 'advisories'; readonly lines: readonly string[] }
  | { readonly outcome: 'unavailable'; readonly why: string };

interface Vulnerability {
  readonly name: string;
  readonly severity: string;
  readonly range: string;
  /** Advisories, or names of packages that it is vulnerable by. */
  readonly via: readonly (string | { readonly title?: string; readonly url?: string })[];
}

interface Report {
  readonly auditReportVersion?: number;
  readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
  readonly error?: { readonly summary?: string; readonly code?: string };
  readonly message?: string;
  readonly statusCode?: number;
}

/** An unknown severity counts as the worst. */
const rank = (severity: string): number => {
  const found = (SEVERITIES as readonly string[]).indexOf(severity);
  return found < 0 ? SEVERITIES.length : found;
};

const describe = ({ name, severity, range, via }: Vulnerability): string => {
  const titles = via.map((one) => (typeof one === 'string' ? `by ${one}` : `${one.title ?? 'advisory'} ${one.url ?? ''}`.trim()));
  return `${severity}: ${name} ${range}: ${titles.join('; ')}`;
};

/** Reads what `npm audit --json` has printed. A text that is no report is an audit that did not take place, never a clean one. */
export const judgeAudit = (printed: string): Audit => {
  let report: Report;
  try {
    report = JSON.parse(printed);
  } catch {
    return { outcome: 'unavailable', why: 'npm audit printed no JSON' };
  }
  if (report.auditReportVersion !== 2 || report.vulnerabilities === undefined) {
    const status = report.statusCode === undefined ? '' : ` (HTTP ${report.statusCode})`;
    return {
      outcome: 'unavailable',
      why: `${report.error?.summary || report.error?.code || 'the registry gave no advisories'}${status}`,
    };
  }
  const found = Object.values(report.vulnerabilities).sort((a, b) => rank(b.severity) - rank(a.severity));
  const isBad = found.some(({ severity }) => rank(severity) >= rank(FAILS_FROM));
  return { outcome: isBad ? 'advisories' : 'clean', lines: found.map(describe) };
};
