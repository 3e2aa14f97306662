export const BASE_URL = 'https://www.googleapis.com/compute/v1';

/** Zones that are emulated, by the letters that each region has: those of cloud.google.com/compute/docs/regions-zones, not checked again. */
const LETTERS: Readonly<Record<string, string>> = { 'us-central1': 'abcf', 'us-east1': 'bcd', 'europe-west1': 'bcd' };

/** @returns e.g. `us-central1-a` and its neighbours */
export const zonesOf = (region: string): readonly string[] =>
  [...(LETTERS[region] ?? 'abc')].map((letter) => `${region}-${letter}`);

/** @param zone e.g. `us-central1-a` */
export const regionOfZone = (zone: string): string => zone.slice(0, zone.lastIndexOf('-'));

/** The last part of a full or partial URL of a resource. */
export const lastPart = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

/** Ids that Google assigns: 19 decimal digits. */
export const assignId = (): string => `${1 + ((random(1)[0] ?? 0) % 9)}${[...random(18)].map((byte) => byte % 10).join('')}`;

export const assignFingerprint = (): string => btoa(String.fromCharCode(...random(8)));

const hex = (digits: number): string => [...random(digits)].map((byte) => (byte % 16).toString(16)).join('');

/** E.g. `operation-1764031000000-644f1b2c3d4e5-1a2b3c4d-5e6f7a8b`. */
export const operationName = (): string => `operation-${Date.now()}-${hex(13)}-${hex(8)}-${hex(8)}`;
