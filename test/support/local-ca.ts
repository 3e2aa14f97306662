export { createLocalCa, type LocalCa, type ServerIdentity } from '../../harness/tls/local-ca.ts';
