import {
  DescribeServicesCommand,
  GetAttributeValuesCommand,
  InvalidParameterException,
  NotFoundException,
  PricingClient,
  paginateGetAttributeValues,
} from '@aws-sdk/client-pricing';
import { describe, expect, test } from 'vitest';
import { EAST, mountAwsCloud, refusal, WEST } from '../../support/aws-cloud.ts';

const ServiceCode = 'AmazonSageMaker';

const given = async () => {
  const cloud = await mountAwsCloud();
  const client = new PricingClient(cloud.options('pricing'));
  return { ...cloud, client, [Symbol.asyncDispose]: cloud[Symbol.asyncDispose] };
};

describe('@aws-sdk/client-pricing, unmodified', () => {
  test('is told which services have prices, and by what they are found', async () => {
    await using pricing = await given();
    const { client } = pricing;
    const { Services, FormatVersion } = await client.send(new DescribeServicesCommand({}));
    expect(FormatVersion).toBe('aws_v1');
    expect(Services?.map((service) => service.ServiceCode)).toEqual([ServiceCode]);
    expect(Services?.[0]?.AttributeNames).toEqual(expect.arrayContaining(['instanceName', 'productFamily', 'regionCode']));
    const one = await client.send(new DescribeServicesCommand({ ServiceCode }));
    expect(one.Services).toEqual(Services);
    const other = client.send(new DescribeServicesCommand({ ServiceCode: 'AmazonTeapot' }));
    expect(await refusal(other)).toBeInstanceOf(NotFoundException);
  });

  test('is told the values of an attribute, each once, page by page', async () => {
    await using pricing = await given();
    const { client } = pricing;
    const regions = await client.send(new GetAttributeValuesCommand({ ServiceCode, AttributeName: 'regionCode' }));
    expect(regions.AttributeValues).toEqual([{ Value: WEST }, { Value: EAST }]);
    const pages: (string | undefined)[][] = [];
    const input = { ServiceCode, AttributeName: 'regionCode' };
    for await (const { AttributeValues = [] } of paginateGetAttributeValues({ client, pageSize: 1 }, input)) {
      pages.push(AttributeValues.map(({ Value }) => Value));
    }
    expect(pages).toEqual([[WEST], [EAST]]);
    for (const AttributeName of ['colour', 'constructor']) {
      const unknown = client.send(new GetAttributeValuesCommand({ ServiceCode, AttributeName }));
      expect(await refusal(unknown)).toBeInstanceOf(InvalidParameterException);
    }
  });
});
