import {
  DescribeInstanceTypesCommand,
  type DescribeInstanceTypesCommandInput,
  EC2Client,
  paginateDescribeInstanceTypes,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { HARDWARE } from '../../../mocks/aws/ec2/hardware.ts';
import { INSTANCE_TYPES } from '../../../mocks/aws/ec2/instance-types.ts';
import { mountAwsCloud, refusal } from '../../support/aws-cloud.ts';

const given = async () => {
  const cloud = await mountAwsCloud();
  const client = new EC2Client(cloud.options('ec2'));
  const types = async (input: DescribeInstanceTypesCommandInput) =>
    (await client.send(new DescribeInstanceTypesCommand(input))).InstanceTypes ?? [];
  return { ...cloud, client, types, [Symbol.asyncDispose]: cloud[Symbol.asyncDispose] };
};

describe('instance types', () => {
  test('are described: processors, memory, and what they have of graphics cards', async () => {
    await using ec2 = await given();
    const [card, chip] = await ec2.types({ InstanceTypes: ['g5.12xlarge', 'inf2.xlarge'] });
    expect(card).toMatchObject({
      InstanceType: 'g5.12xlarge',
      CurrentGeneration: true,
      Hypervisor: 'nitro',
      VCpuInfo: { DefaultVCpus: 48, DefaultCores: 24, DefaultThreadsPerCore: 2 },
      MemoryInfo: { SizeInMiB: 196_608 },
      ProcessorInfo: { SupportedArchitectures: ['x86_64'], SustainedClockSpeedInGhz: 3.3 },
      NetworkInfo: { NetworkPerformance: '40 Gigabit' },
      GpuInfo: {
        Gpus: [{ Name: 'A10G', Manufacturer: 'NVIDIA', Count: 4, MemoryInfo: { SizeInMiB: 22_888 } }],
        TotalGpuMemoryInMiB: 91_552,
      },
      SupportedUsageClasses: ['on-demand', 'spot'],
    });
    expect(chip?.GpuInfo).toBeUndefined();
    expect(chip).toMatchObject({
      InferenceAcceleratorInfo: { Accelerators: [{ Name: 'Inferentia2', Manufacturer: 'AWS', Count: 1 }] },
      NeuronInfo: { NeuronDevices: [{ Name: 'Inferentia2', CoreInfo: { Count: 2 } }], TotalNeuronDeviceMemoryInMiB: 32_768 },
    });
  });

  test('are all that can be launched, in pages', async () => {
    await using ec2 = await given();
    const names: (string | undefined)[] = [];
    for await (const { InstanceTypes = [] } of paginateDescribeInstanceTypes({ client: ec2.client, pageSize: 10 }, {})) {
      expect(InstanceTypes.length).toBeLessThanOrEqual(10);
      names.push(...InstanceTypes.map(({ InstanceType }) => InstanceType));
    }
    expect(names).toEqual([...INSTANCE_TYPES.keys()]);
    expect([...HARDWARE.keys()].sort()).toEqual([...INSTANCE_TYPES.keys()].sort());
  });

  test('are found by what they have', async () => {
    await using ec2 = await given();
    const found = async (Filters: { Name: string; Values: string[] }[]) =>
      (await ec2.types({ Filters })).map(({ InstanceType }) => InstanceType);
    expect(await found([{ Name: 'processor-info.supported-architecture', Values: ['arm64'] }])).toEqual([
      't4g.micro',
      'm7g.large',
      'c7g.large',
    ]);
    const small = { Name: 'vcpu-info.default-vcpus', Values: ['4'] };
    expect(await found([{ Name: 'instance-type', Values: ['g*'] }, small])).toEqual(['g4dn.xlarge', 'g5.xlarge', 'g6.xlarge']);
    expect(await refusal(ec2.types({ Filters: [{ Name: 'colour', Values: ['red'] }] }))).toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  test('that there are none of are named', async () => {
    await using ec2 = await given();
    expect(await refusal(ec2.types({ InstanceTypes: ['m5.large', 'zz.large', 'zz.small'] as never }))).toMatchObject({
      name: 'InvalidInstanceType',
      message: 'The following supplied instance types do not exist: [zz.large, zz.small]',
    });
    expect(await refusal(ec2.types({ MaxResults: 101 }))).toMatchObject({
      name: 'InvalidParameterValue',
      message: 'Value (101) for parameter MaxResults is invalid. It must have value less than or equal to 100',
    });
  });
});
