import { z } from 'zod';
import { defineFaultKind } from './kind.ts';

/** A load balancer or a name points to the wrong server. */
export const certificateWrongHost = defineFaultKind({
  kind: 'certificate-wrong-host',
  summary:
    "The server's certificate is for another host: new TLS connections fail unless the client does not look. For endpoints over TLS.",
  settings: z.strictObject({}),
  appliesTo: ({ isTls }) => isTls === true,
  live: () => ({ certificate: () => 'wrong-host' }),
  sim: () => ({ certificate: () => 'wrong-host' }),
});
