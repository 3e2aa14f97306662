import { engineStatus } from '../containers/engine.ts';
import type { DoctorCheck } from './check.ts';

const NEEDS_IT = '--sut docker: and compose:, LocalStack as a provider, and containers as nodes';

/** Docker is never needed by the main job: its absence is a warning. */
export const dockerCheck = (dockerHost: string | undefined = process.env.DOCKER_HOST): DoctorCheck => ({
  name: 'Docker',
  async run() {
    const engine = await engineStatus(dockerHost);
    if (engine.available) return { status: 'ok', detail: `engine ${engine.version} answers, API ${engine.apiVersion}` };
    return {
      status: 'warning',
      detail: `${engine.reason}; everything that ships runs without it, and it takes Docker to have ${NEEDS_IT}`,
      remedy: engine.remedy,
    };
  },
});
