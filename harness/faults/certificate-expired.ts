import { z } from 'zod';
import { defineFaultKind } from './kind.ts';

/** Nobody has renewed the certificate in time. */
export const certificateExpired = defineFaultKind({
  kind: 'certificate-expired',
  summary:
    "The server's certificate has expired: new TLS connections fail unless the client does not look. For endpoints over TLS.",
  settings: z.strictObject({}),
  appliesTo: ({ isTls }) => isTls === true,
  live: () => ({ certificate: () => 'expired' }),
  sim: () => ({ certificate: () => 'expired' }),
});
