import type { Job } from './job.ts';

/** A job that no worker can read. @param mark makes its id one of its own */
export const poisonJob = (mark: string): Job => ({ id: `poison-${mark}`, body: '{"inputs":', attributes: {} });
