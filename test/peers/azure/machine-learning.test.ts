import { describe, expect, test } from 'vitest';
import { openStage } from '../../../harness/emulators/stage.ts';
import { loadSamples } from '../../../harness/load/samples.ts';
import { createOnnxRuntime } from '../../../harness/world/live/onnx-runtime.ts';
import type { AzureAccount } from '../../../mocks/azure/account.ts';
import { azureCloud } from '../../../mocks/azure/cloud.ts';
import type { Prediction } from '../../../mocks/models/runtime.ts';
import { EAST, machineLearningClient, mountAzureCloud, refusalOf, scoreWith, WEST_EUROPE } from '../../support/azure-cloud.ts';
import { rowLabelled, stubModels } from '../../support/model.ts';

const GROUP = 'squall';
const ENDPOINT = 'squall';
const workspaceOf = (region: string) => `squall-${region}`;
/** The SDK polls every two seconds unless told otherwise. */
const POLLING = { updateIntervalInMs: 100 };

const green = (location: string, changes: { model?: string; instanceType?: string } = {}) => ({
  location,
  sku: { name: 'Default', capacity: 2 },
  properties: {
    endpointComputeType: 'Managed' as const,
    model: 'azureml:digits:1',
    instanceType: 'Standard_F8s_v2',
    ...changes,
  },
});

const endpointIn = (location: string, traffic: Readonly<Record<string, number>>) => ({
  location,
  properties: { authMode: 'Key', traffic },
});

/** Addresses, with one service looked for at another's. */
const at =
  (azure: Awaited<ReturnType<typeof mountAzureCloud>>, service: string, other: string) =>
  (asked: string, region: string): string =>
    azure.originOf(asked === service ? other : asked, region);

describe('@azure/arm-machinelearning, unmodified', () => {
  test.concurrent('adds a deployment, moves the traffic to it and takes the first away', async ({ expect }) => {
    await using azure = await mountAzureCloud();
    const { onlineEndpoints, onlineDeployments } = machineLearningClient(azure, EAST);
    const of = [GROUP, workspaceOf(EAST), ENDPOINT] as const;
    const score = scoreWith(azure, EAST);
    const rows = [rowLabelled(3)];
    const servedBy = async (deployment?: string) =>
      (await score({ rows, ...(deployment ? { deployment } : {}) })).headers.get('azureml-model-deployment');

    expect(await servedBy()).toBe('blue');
    const deployed = await onlineDeployments.beginCreateOrUpdateAndWait(...of, 'green', green(EAST), POLLING);
    expect(deployed).toMatchObject({ name: 'green', sku: { capacity: 2 }, properties: { provisioningState: 'Succeeded' } });
    // Without a share of the traffic it serves those who name it.
    expect(await servedBy()).toBe('blue');
    expect(await servedBy('green')).toBe('green');

    await onlineEndpoints.beginCreateOrUpdateAndWait(...of, endpointIn(EAST, { blue: 50, green: 50 }), POLLING);
    const served = await Promise.all(Array.from({ length: 30 }, async () => servedBy().catch(() => undefined)));
    expect(new Set(served.filter(Boolean))).toEqual(new Set(['blue', 'green']));

    expect(await refusalOf(onlineDeployments.beginDelete(...of, 'blue'))).toMatchObject({ code: 'BadRequest', status: 400 });
    await onlineEndpoints.beginCreateOrUpdateAndWait(...of, endpointIn(EAST, { green: 100 }), POLLING);
    await onlineDeployments.beginDeleteAndWait(...of, 'blue', POLLING);
    const names: (string | undefined)[] = [];
    for await (const { name } of onlineDeployments.list(...of)) names.push(name);
    expect(names).toEqual(['green']);
    expect(await servedBy()).toBe('green');
    expect(await refusalOf(score({ rows, deployment: 'blue' }))).toMatchObject({ status: 404 });

    // The other region has kept its own.
    expect((await scoreWith(azure, WEST_EUROPE)({ rows })).headers.get('azureml-model-deployment')).toBe('blue');
  });

  test.concurrent('nobody serves while no deployment has a share', async ({ expect }) => {
    await using azure = await mountAzureCloud();
    const { onlineEndpoints } = machineLearningClient(azure, EAST);
    await onlineEndpoints.beginCreateOrUpdateAndWait(GROUP, workspaceOf(EAST), ENDPOINT, endpointIn(EAST, {}), POLLING);
    const score = scoreWith(azure, EAST);
    expect(await refusalOf(score({ rows: [rowLabelled(1)] }))).toMatchObject({ status: 404 });
    expect((await score({ rows: [rowLabelled(1)], deployment: 'blue' })).status).toBe(200);
  });

  test('gives the key that opens the endpoint, and a prediction of the real model', async () => {
    const [sample] = loadSamples('digits');
    await using azure = await mountAzureCloud(await createOnnxRuntime(['digits']));
    for (const region of [EAST, WEST_EUROPE]) {
      const client = machineLearningClient(azure, region);
      const { primaryKey = '' } = await client.onlineEndpoints.listKeys(GROUP, workspaceOf(region), ENDPOINT);
      const { bodyAsText } = await scoreWith(azure, region, primaryKey)({ rows: [sample?.pixels ?? []] });
      const [prediction] = JSON.parse(bodyAsText ?? '') as readonly Prediction[];
      expect(prediction?.label).toBe(sample?.label);
    }
  });

  test('is found at the host of any provider behind Resource Manager, under its own rate and permissions', async () => {
    await using azure = await mountAzureCloud();
    const atCompute = { ...azure, credential: azure.credential, originOf: at(azure, 'machine-learning', 'compute') };
    const { onlineEndpoints } = machineLearningClient(atCompute, WEST_EUROPE);
    const get = () => onlineEndpoints.get(GROUP, workspaceOf(EAST), ENDPOINT);
    expect(await get()).toMatchObject({ location: EAST });
    await azure.account.control({ type: 'set-permission', service: 'compute', operation: '*', isAllowed: false });
    expect(await get()).toMatchObject({ location: EAST });
    await azure.account.control({ type: 'set-permission', service: 'machine-learning', operation: '*', isAllowed: false });
    expect(await refusalOf(get())).toMatchObject({ code: 'AuthorizationFailed', status: 403 });
  });

  test('refuses what does not fit', async () => {
    await using azure = await mountAzureCloud();
    const { onlineEndpoints, onlineDeployments } = machineLearningClient(azure, EAST);
    const of = [GROUP, workspaceOf(EAST), ENDPOINT] as const;
    const split = (traffic: Readonly<Record<string, number>>) =>
      refusalOf(onlineEndpoints.beginCreateOrUpdate(...of, endpointIn(EAST, traffic)));
    expect(await split({ blue: 90 })).toMatchObject({ code: 'BadRequest', status: 400 });
    expect(await split({ blue: 50, nobody: 50 })).toMatchObject({ code: 'BadRequest', status: 400 });
    expect(await split({ blue: -100 })).toMatchObject({ code: 'InvalidParameter', status: 400 });
    const put = (name: string, changes = {}) =>
      refusalOf(onlineDeployments.beginCreateOrUpdate(...of, name, green(EAST, changes)));
    expect(await put('1green')).toMatchObject({ code: 'InvalidParameter', status: 400 });
    expect(await put('green', { instanceType: 'Standard_Z9' })).toMatchObject({ code: 'InvalidParameter', status: 400 });
    expect(await put('green', { model: '' })).toMatchObject({ code: 'InvalidParameter', status: 400 });
    const elsewhere = onlineEndpoints.get(GROUP, 'nowhere', ENDPOINT);
    expect(await refusalOf(elsewhere)).toMatchObject({ code: 'ResourceNotFound', status: 404 });
  });
});

describe('an endpoint under `squall up`', () => {
  test('says that it scores where it stands, and does', async () => {
    const stage = await openStage({ clouds: [{ definition: azureCloud, regions: [EAST] }], models: stubModels });
    try {
      const account = stage.cloud('azure').account as AzureAccount;
      const originOf = (service: string, region: string) => stage.originOf('azure', service, region);
      const address = { originOf, caCertPem: stage.caCertPem, credential: account.credential };
      const { onlineEndpoints } = machineLearningClient(address, EAST);
      const environment = stage.cloud('azure').environment(originOf);
      const { AZURE_DEFAULTS_GROUP: group = '', AZUREML_ARM_WORKSPACE_NAME: workspace = '' } = environment;
      expect(environment.AZUREML_ARM_RESOURCEGROUP).toBe(group);
      const { properties } = await onlineEndpoints.get(group, workspace, ENDPOINT);
      expect(properties.scoringUri).toBe(`${originOf('ml-online-endpoint', EAST)}/score`);
      // Read by azure-ai-ml of Python.
      expect(environment.AZUREML_DEV_URL_MFE).toBe(originOf('machine-learning', EAST));
      const { status } = await scoreWith(address, EAST)({ rows: [rowLabelled(3)] });
      expect(status).toBe(200);
    } finally {
      await stage.close();
    }
  });

  test("says Azure's own host where it does not stand at an address of its own", async () => {
    await using azure = await mountAzureCloud();
    const { properties } = await machineLearningClient(azure, EAST).onlineEndpoints.get(GROUP, workspaceOf(EAST), ENDPOINT);
    expect(properties.scoringUri).toBe(`https://squall.${EAST}.inference.ml.azure.com/score`);
  });
});
