import type { DoctorCheck } from './check.ts';

/** The floor of testcontainers and undici, the dependencies that ask for most. */
const MINIMUM = { major: 22, minor: 22 } as const;

/** Why this Node.js can't run squall; null when it can. */
export const oldNode = (version: string): string | null => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isRecent = major > MINIMUM.major || (major === MINIMUM.major && minor >= MINIMUM.minor);
  return isRecent ? null : `v${version}, and squall needs ${MINIMUM.major}.${MINIMUM.minor} or newer`;
};

export const OLD_NODE_REMEDY =
  'Start it by an npm script or `npx squall` where the npm package `node` is installed, or update Node.js.';

/** @param version as `process.versions.node` gives it */
export const nodeVersionCheck = (version: string = process.versions.node): DoctorCheck => ({
  name: 'Node.js',
  async run() {
    const detail = oldNode(version);
    return detail === null ? { status: 'ok', detail: `v${version}` } : { status: 'failed', detail, remedy: OLD_NODE_REMEDY };
  },
});
