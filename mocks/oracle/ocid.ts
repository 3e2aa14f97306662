const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** 60 characters, as the unique part of an OCID has. */
const uniquePart = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(56));
  return `aaaa${Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join('')}`;
};

/** Regions whose key in an OCID is not their name, as OCIDs of theirs that users publish have it. */
const KEYS: Readonly<Record<string, string>> = { 'us-ashburn-1': 'iad', 'us-phoenix-1': 'phx' };

/** How a region is named in OCIDs and in what an instance says of its region. */
export const regionKey = (region: string): string => KEYS[region] ?? region;

/**
 * A fresh Oracle Cloud identifier.
 * @param type e.g. `instance`
 * @param region none for what has no region: tenancy, user
 */
export const mintOcid = (type: string, region?: string): string =>
  `ocid1.${type}.oc1.${region === undefined ? '' : regionKey(region)}.${uniquePart()}`;
