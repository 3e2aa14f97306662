import { spawnSync } from 'node:child_process';
import { judgeAudit } from './audit/judge.ts';

/** Exit code for an audit that could not take place: neither good nor bad (EX_TEMPFAIL of sysexits.h). */
const UNAVAILABLE = 75;
const TIMEOUT_MS = 60_000;

// Known advisories about what is installed beside squall by its users: development dependencies are not.
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8', timeout: TIMEOUT_MS });
const audit = judgeAudit(stdout ?? '');
if (audit.outcome === 'unavailable') {
  console.log(`Production dependencies are NOT AUDITED on this machine: ${audit.why}.`);
  process.exitCode = UNAVAILABLE;
} else {
  for (const line of audit.lines) console.log(line);
  console.log(
    audit.lines.length === 0 ? 'No known advisories about production dependencies.' : `${audit.lines.length} advisories.`,
  );
  process.exitCode = audit.outcome === 'clean' ? 0 : 1;
}
