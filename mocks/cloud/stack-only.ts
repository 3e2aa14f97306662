import type { CloudName } from './service.ts';

/** Commands that only the stack's endpoints know, as a cloud refuses them. */
export const stackOnly = (cloud: CloudName) => {
  const refuse = (): never => {
    throw new TypeError(`${cloud} has endpoints of its own: only those of a scenario's stack scale and degrade here`);
  };
  return { 'set-clock-offset': refuse, 'set-spot-capacity': refuse, 'degrade-instances': refuse };
};
