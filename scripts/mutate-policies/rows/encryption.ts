import type { Mutation } from '../mutation.ts';
import { rowsOf } from './row.ts';

const keys = rowsOf('encryption: data keys', 'harness/serving/encryption/data-keys.ts');
const vault = rowsOf('encryption: rotation', 'harness/serving/encryption/azure-key-vault.ts');
const seed = rowsOf('encryption: at rest', 'harness/serving/registry/registry-node.ts');
const publisher = rowsOf('encryption: at rest', 'harness/serving/registry/client-node.ts');
const reader = rowsOf('encryption: tampering', 'harness/serving/registry/read-version.ts');
const model = rowsOf('encryption: in memory', 'harness/serving/registry/model-source.ts');

export const encryptionRows: readonly Mutation[] = [
  keys(
    'keys-kept-for-ever',
    'if (known && ageOf(known) < cacheMs / 2) return known.key;',
    'if (known) return known.key;',
    'A data key that is held is never asked about again.',
    'key-disabled',
  ),
  keys(
    'keys-kept-when-refused',
    "error.kind === 'refused') forget(name, wrapped);",
    "error.kind === 'refused' && cacheMs < 0) forget(name, wrapped);",
    'A data key that the key service refuses is used until it is too old.',
    'key-disabled',
  ),
  keys(
    'keys-not-kept-in-outage',
    'if (still && ageOf(still) < cacheMs) return still.key;',
    'if (still && ageOf(still) < 0) return still.key;',
    'A data key that the key service cannot be asked about is not used.',
    'kms-outage',
  ),
  vault(
    'keys-newest-alone',
    "keyVersion === 'own' ? keyId :",
    "keyVersion !== 'own' ? keyId :",
    'Data keys are unwrapped by the newest version alone.',
    'key-rotated',
  ),
  seed(
    'seed-in-the-clear',
    'return envelope ? envelope.seal(bytes, bindingOfModel(model, 1), signal) : bytes;',
    'return envelope && signal.aborted ? envelope.seal(bytes, bindingOfModel(model, 1), signal) : bytes;',
    'The first version is stored in the clear.',
    'kms-outage',
  ),
  publisher(
    'published-in-the-clear',
    'envelope ? await envelope.seal(',
    'envelope && signal.aborted ? await envelope.seal(',
    'New versions are stored in the clear.',
    'kms-outage',
  ),
  reader(
    'tampered-asked-again',
    'client.shun(resolved.region);',
    '',
    'The replica that gave what does not open is asked again, and no other.',
    'tampered-artifact',
  ),
  model(
    'model-kept-without-key',
    'await confirm(signal);',
    '',
    'What was decrypted stays in memory, whatever becomes of its key.',
    'key-disabled',
  ),
];
