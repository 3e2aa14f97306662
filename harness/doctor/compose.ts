import { lookForCompose, NO_COMPOSE_REMEDY } from '../sut/compose/program.ts';
import type { DoctorCheck } from './check.ts';

/** Compose is needed by Compose files alone: its absence is a warning. */
export const composeCheck: DoctorCheck = {
  name: 'Docker Compose',
  async run() {
    const found = lookForCompose();
    if (found) return { status: 'ok', detail: `${found.command} answers, version ${found.version}` };
    return {
      status: 'warning',
      detail: 'there is none; everything that ships runs without it, and it takes Compose to have --sut compose:',
      remedy: NO_COMPOSE_REMEDY,
    };
  },
};
