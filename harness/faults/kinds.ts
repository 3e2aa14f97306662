// One line a kind. Nothing else holds a list of them: help, docs, validation and both worlds read this one.
export { certificateExpired } from './certificate-expired.ts';
export { certificateWrongHost } from './certificate-wrong-host.ts';
export { costSpike } from './cost-spike.ts';
export { credentialRevocation } from './credential-revocation.ts';
export { dnsFailure } from './dns-failure.ts';
export { errorBurst } from './error-burst.ts';
export { grayFailure } from './gray-failure.ts';
export { halfOpen } from './half-open.ts';
export { http } from './http.ts';
export { latencySpike } from './latency-spike.ts';
export { nodeKill } from './node-kill.ts';
export { permissionRevocation } from './permission-revocation.ts';
export { regionOutage } from './region-outage.ts';
export { spotInterruption } from './spot-interruption.ts';
export { throttling } from './throttling.ts';
export { toxic } from './toxic.ts';
