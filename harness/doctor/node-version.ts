import type { DoctorCheck } from './check.ts';

/** The floor of testcontainers and undici, the dependencies that ask for most. */
const MINIMUM = { major: 22, minor: 22 } as const;

/** @param version as `process.versions.node` gives it */
export const nodeVersionCheck = (version: string = process.versions.node): DoctorCheck => ({
  name: 'Node.js',
  async run() {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const isRecent = major > MINIMUM.major || (major === MINIMUM.major && minor >= MINIMUM.minor);
    return isRecent
      ? { status: 'ok', detail: `v${version}` }
      : {
          status: 'failed',
          detail: `v${version}, and squall needs ${MINIMUM.major}.${MINIMUM.minor} or newer`,
          remedy: 'Start it with `npx squall` or an npm script, which use the Node.js that comes with the project.',
        };
  },
});
