/** Decimal digits that are always the same for the same text, as an assigned id is. FNV-1a, 64 bits. */
export const stableDigits = (text: string, length: number): string => {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  // Without a leading zero: ids and project numbers are printed as integers.
  return `${(hash % 9n) + 1n}${hash
    .toString()
    .padStart(20, '0')
    .slice(-(length - 1))}`;
};

/** The number that Google assigns to a project beside its id, 12 digits. Resource names take either. */
export const projectNumber = (projectId: string): string => stableDigits(`project ${projectId}`, 12);

/** The parts of `projects/{project}/locations/{location}/endpoints/{endpoint}`. */
export interface EndpointName {
  readonly project: string;
  readonly location: string;
  readonly endpoint: string;
}

/** The resource name, as Google prints it in messages and takes it in paths. */
export const formatEndpointName = ({ project, location, endpoint }: EndpointName): string =>
  `projects/${project}/locations/${location}/endpoints/${endpoint}`;
