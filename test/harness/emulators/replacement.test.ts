import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stageVariables, writeTrust } from '../../../harness/emulators/environment.ts';
import { createFaultHand, type FaultHand } from '../../../harness/emulators/hand.ts';
import { openStage, type Stage } from '../../../harness/emulators/stage.ts';
import { clouds } from '../../../mocks/clouds.ts';
import { signAssertion } from '../../support/google.ts';
import { stubModels } from '../../support/model.ts';
import { identityClient } from '../../support/oracle.ts';

type Variables = Readonly<Record<string, string>>;

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** The answer's status, with trust in the CA that the variables name. */
const post = async (variables: Variables, url: string, headers: Variables, body: string): Promise<number | undefined> => {
  const ca = readFileSync(variables.NODE_EXTRA_CA_CERTS ?? '');
  const sent = (url.startsWith('https:') ? https : http).request(url, { method: 'POST', headers, ca, agent: false });
  const answered = once(sent, 'response') as Promise<[http.IncomingMessage]>;
  sent.end(body);
  const [answer] = await answered;
  answer.resume();
  return answer.statusCode;
};

/** Whether each cloud lets in who knows of it by these variables alone, and by the files that they name. */
const admits: Readonly<Record<string, (variables: Variables) => Promise<boolean>>> = {
  async aws({ AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN = '', AWS_ENDPOINT_URL_STS = '' }) {
    const client = new STSClient({
      region: 'us-east-1',
      endpoint: AWS_ENDPOINT_URL_STS,
      maxAttempts: 1,
      credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken: AWS_SESSION_TOKEN },
    });
    const isIn = await client.send(new GetCallerIdentityCommand({})).then(
      () => true,
      () => false,
    );
    client.destroy();
    return isIn;
  },
  async azure(variables) {
    const key = { authorization: `Bearer ${variables.AZUREML_ENDPOINT_KEY}`, 'content-type': 'application/json' };
    const score = await post(variables, variables.AZUREML_SCORING_URI ?? '', key, '{}');
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: variables.AZURE_CLIENT_ID ?? '',
      client_secret: variables.AZURE_CLIENT_SECRET ?? '',
      scope: 'https://management.azure.com/.default',
    });
    const url = `${variables.AZURE_AUTHORITY_HOST}/${variables.AZURE_TENANT_ID}/oauth2/v2.0/token`;
    const token = await post(variables, url, FORM, `${form}`);
    expect(score === 401).toBe(token !== 200);
    return token === 200;
  },
  async google({ GOOGLE_APPLICATION_CREDENTIALS = '' }) {
    const file = JSON.parse(readFileSync(GOOGLE_APPLICATION_CREDENTIALS, 'utf8')) as Variables;
    const assertion = await signAssertion({
      provider: 'google',
      projectId: file.project_id ?? '',
      clientEmail: file.client_email ?? '',
      privateKeyId: file.private_key_id ?? '',
      privateKeyPem: file.private_key ?? '',
    });
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
    return (await fetch(file.token_uri ?? '', { method: 'POST', body })).ok;
  },
  async ibm(variables) {
    const apikey = variables.IBMCLOUD_API_KEY ?? '';
    const form = new URLSearchParams({ grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey });
    return (await post(variables, `${variables.IBMCLOUD_IAM_API_ENDPOINT}/identity/token`, FORM, `${form}`)) === 200;
  },
  async oracle(variables) {
    const { OCI_CLI_TENANCY: tenancy = '', OCI_CLI_USER: user = '', OCI_CLI_FINGERPRINT: fingerprint = '' } = variables;
    const privateKey = readFileSync(variables.OCI_CLI_KEY_FILE ?? '', 'utf8');
    const client = identityClient(variables.OCI_IDENTITY_ENDPOINT ?? '', { tenancy, user, fingerprint, privateKey });
    return client.listRegionSubscriptions({ tenancyId: tenancy }).then(
      () => true,
      () => false,
    );
  },
  async huggingface({ HF_ENDPOINT, HF_TOKEN }) {
    return (await fetch(`${HF_ENDPOINT}/api/whoami-v2`, { headers: { authorization: `Bearer ${HF_TOKEN}` } })).ok;
  },
};

let folder: string;
let stage: Stage;
let hand: FaultHand;

const open = async (cloud: string) => {
  const definition = clouds.find((one) => one.cloud === cloud)!;
  stage = await openStage({ clouds: [{ definition, regions: definition.regions }], models: stubModels });
  hand = createFaultHand(stage);
  const trust = writeTrust(folder, stage.caCertPem);
  return () => stageVariables(stage, folder, trust);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-environment-'));
});
afterEach(async () => {
  hand.close();
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(clouds.map(({ cloud }) => cloud))("a shell's variables for %s", (cloud) => {
  const isIn = (variables: Variables) => admits[cloud]!(variables);

  it('open it again when they are asked for after a revocation without a replacement was lifted', async () => {
    const tell = await open(cloud);
    const before = tell();
    expect(await isIn(before)).toBe(true);
    await hand.add({ kind: 'credential-revocation', target: cloud, replacementAfter: 'never' });
    expect(await isIn(before)).toBe(false);
    expect(await isIn(tell())).toBe(false);

    await hand.remove('credential-revocation');
    const after = tell();
    expect(await isIn(after)).toBe(true);
    expect(Object.keys(after)).toEqual(Object.keys(before));
  });

  it('open it again while the fault holds, once its replacement is there', async () => {
    const tell = await open(cloud);
    const before = tell();
    await hand.add({ kind: 'credential-revocation', target: cloud, replacementAfter: '0ms' });
    const after = tell();
    expect(after).not.toEqual(before);
    expect(await isIn(after)).toBe(true);
  });

  it('open it again after the sessions and tokens of all have ended', async () => {
    const tell = await open(cloud);
    tell();
    await hand.add({ kind: 'credential-revocation', target: cloud, mode: 'expired-token' });
    expect(await isIn(tell())).toBe(true);
  });
});
