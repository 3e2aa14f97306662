import { askEngine, type EngineAddress } from './engine.ts';
import { isOrphan, labels, ownerOfImage } from './owner.ts';

/** Removing kills first: a container may take some seconds on a busy engine. */
const REMOVE_WITHIN_MS = 30_000;
const CONFLICT = 409;

interface Found {
  readonly Id: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

const list = async (address: EngineAddress, path: string): Promise<readonly Found[]> => {
  const { status, body } = await askEngine(address, 'GET', path, REMOVE_WITHIN_MS);
  if (status !== 200) throw new Error(`the engine does not list what it has: ${status === 0 ? body : `status ${status}`}`);
  return body as readonly Found[];
};

const filterBy = (label: string): string => encodeURIComponent(JSON.stringify({ label: [label] }));

/** One that is gone, or being removed by somebody else, is as good as removed. */
const remove = async (address: EngineAddress, path: string): Promise<void> => {
  const { status, body } = await askEngine(address, 'DELETE', path, REMOVE_WITHIN_MS);
  if (status === 0 || (status >= 400 && status !== 404 && status !== CONFLICT))
    throw new Error(`the engine does not remove ${path}: ${status === 0 ? body : JSON.stringify(body)}`);
};

/** An image that somebody else has built on, or runs, is theirs by now and stays. @returns whether it was removed */
const removeImage = async (address: EngineAddress, id: string): Promise<boolean> => {
  // The layers under it stay, for the next build.
  const { status } = await askEngine(address, 'DELETE', `/images/${id}?force=true&noprune=true`, REMOVE_WITHIN_MS);
  return status === 200;
};

/** Removes the containers, with their volumes, then the networks, then the images that bear a label, or were built for its owner, and that `which` picks. @returns how many there were */
const removeLabelled = async (address: EngineAddress, label: string, which: (found: Found) => boolean): Promise<number> => {
  const containers = (await list(address, `/containers/json?all=true&filters=${filterBy(label)}`)).filter(which);
  await Promise.all(containers.map(({ Id }) => remove(address, `/containers/${Id}?force=true&v=true`)));
  const networks = (await list(address, `/networks?filters=${filterBy(label)}`)).filter(which);
  await Promise.all(networks.map(({ Id }) => remove(address, `/networks/${Id}`)));
  const [key = '', value] = label.split('=');
  const images = (await list(address, `/images/json?filters=${filterBy(labels.image)}`))
    .map(({ Id, Labels }) => ({ Id, Labels: ownerOfImage(Labels ?? {}) }))
    .filter((image) => (value === undefined ? key in image.Labels : image.Labels[key] === value) && which(image));
  const removed = await Promise.all(images.map(({ Id }) => removeImage(address, Id)));
  return containers.length + networks.length + removed.filter(Boolean).length;
};

/** Removes what bears a label, e.g. `squall.run=<id>`. */
export const removeByLabel = (address: EngineAddress, label: string): Promise<number> =>
  removeLabelled(address, label, () => true);

/** Removes what runs of squall left whose process is gone. */
export const removeOrphans = (address: EngineAddress): Promise<number> =>
  removeLabelled(address, labels.run, ({ Labels }) => isOrphan(Labels ?? {}));
