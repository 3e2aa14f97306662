import type { RegionConfig } from '../../mocks/emulator.ts';
import { rowKey } from '../../mocks/inference/subjects.ts';
import type { LoadPlan } from '../scenario/scenario.ts';
import { shareSamples } from './sample-share.ts';
import { loadSamples } from './samples.ts';

/** The rows that one tenant alone sends, for endpoints to count; nothing where no tenant's data has to stay anywhere. */
export const ownedRows = ({ tenants = [], inputs, model }: LoadPlan): Pick<RegionConfig, 'owners'> => {
  if (tenants.every(({ residency }) => residency === undefined)) return {};
  const samples = loadSamples(model).slice(0, inputs);
  const { ownerOf } = shareSamples(tenants, samples.length);
  const owned = samples.flatMap(({ pixels }, index) => {
    const owner = ownerOf(index);
    return owner === undefined ? [] : [[rowKey(pixels), owner] as const];
  });
  return { owners: Object.fromEntries(owned) };
};
