import { LightHeaders } from './headers.ts';
import { installReplacements } from './replacements.ts';
import { LightRequest } from './request.ts';
import { LightResponse } from './response.ts';

/** Whether this process has the light classes of Fetch. */
export const isLight = (): boolean => (globalThis.Response as unknown) === LightResponse;

/**
 * Gives this process the light classes of Fetch, and OpenSSL for the hashes of emulators that are imported from now on. For a process of
 * squall's own that serves emulators: Node's classes and hashes in JavaScript take longer than all else that an emulator does.
 */
export const installLight = (): void => {
  if (isLight()) return;
  installReplacements();
  Object.assign(globalThis, { Headers: LightHeaders, Request: LightRequest, Response: LightResponse });
};
