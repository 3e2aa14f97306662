import { describe, expect, it } from 'vitest';
import { checkPorts, choose } from '../../../harness/emulators/choose.ts';
import { createBellCloud } from '../../support/bell-cloud.ts';

const { definition: bells } = createBellCloud();
const known = [bells, { ...bells, cloud: 'aws' as const, regions: ['us-east-1', 'eu-west-1'] }];

const chosen = (clouds: readonly string[], regions: readonly string[]) =>
  choose({ clouds, regions }, known).map(({ definition, regions: own }) => `${definition.cloud}: ${own.join(' ')}`);

describe('the ports that emulators need', () => {
  const all = choose({ clouds: [], regions: [] }, known);
  const [front] = bells.services;
  const talking = { ...front!, spec: { ...front!.spec, cloud: 'google' as const, service: 'vision', isRegional: false } };

  it('are one of the control API and one of each endpoint, and must not go beyond the last', () => {
    expect(() => checkPorts(65_531, all)).not.toThrow();
    expect(() => checkPorts(65_532, all)).toThrow('--port: 5 ports are needed, from 65532 on, and the last there is is 65535.');
  });

  it('are two of an endpoint that answers over gRPC too', () => {
    const chosen = [{ definition: { ...bells, services: [talking] }, regions: ['north', 'south'] }];
    expect(() => checkPorts(65_533, chosen)).not.toThrow();
    expect(() => checkPorts(65_534, chosen)).toThrow('3 ports');
  });
});

describe('choosing clouds and regions', () => {
  it('takes all clouds in their own regions where nothing is asked for', () => {
    expect(chosen([], [])).toEqual(['ibm: north south', 'aws: us-east-1 eu-west-1']);
  });

  it('gives a region to its cloud, and leaves the others in theirs', () => {
    expect(chosen([], ['north', 'aws/us-west-2', 'north'])).toEqual(['ibm: north', 'aws: us-west-2']);
    expect(chosen(['aws'], [])).toEqual(['aws: us-east-1 eu-west-1']);
  });

  it('refuses what it does not know, and names what is near', () => {
    expect(() => chosen(['awz'], [])).toThrow('no cloud is called "awz". Did you mean "aws"?');
    expect(() => chosen([], ['us-esat-1'])).toThrow('no region of ibm, aws is called "us-esat-1". Did you mean "us-east-1"?');
    expect(() => chosen(['ibm'], ['us-east-1'])).toThrow('no region of ibm is called "us-east-1"');
  });
});
