/** Emulated clouds in a test of one's own, through msw: `import { setupCloud } from 'squall/msw'`. */
export type { CloudCommand } from '../../mocks/cloud/cloud.ts';
export type { CloudName } from '../../mocks/cloud/service.ts';
export type { CloudCredentials } from './credentials.ts';
export type { InjectedFault } from './fault-desk.ts';
export type { FaultInput } from './fault-input.ts';
export { type SetupCloudOptions, setupCloud, type TestCloud, type TestEndpoint } from './setup-cloud.ts';
