import { ProductionVariantInstanceType } from '@aws-sdk/client-sagemaker';
import { expect, test } from 'vitest';
import { INSTANCE_TYPES } from '../../../mocks/aws/ec2/instance-types.ts';
import { HOSTING_TYPES } from '../../../mocks/aws/sagemaker/hosting-types.ts';

test('models are hosted on those of EC2’s instance types that the SDK knows as hosts, and on no others', () => {
  const known = new Set<string>(Object.values(ProductionVariantInstanceType));
  expect(HOSTING_TYPES).toEqual([...INSTANCE_TYPES.keys()].map((name) => `ml.${name}`).filter((name) => known.has(name)));
});
