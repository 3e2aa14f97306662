import { firstOf, overObservations, seconds } from './invariant.ts';

/** A provider serves no call whose credential is missing, made up, revoked or expired. */
export const credentialsChecked = overObservations(
  'credentials-checked',
  'No provider serves a call whose credential is missing, forged, revoked or expired.',
  ({ calls }) =>
    firstOf(
      calls.filter(({ status, credential }) => status >= 200 && status < 300 && credential !== 'valid'),
      ({ linkId, atMs, credential }) => `${linkId} served a call at ${seconds(atMs)} whose credential was ${credential}`,
    ),
);
