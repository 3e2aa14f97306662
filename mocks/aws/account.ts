import { type CloudAccount, type CloudCommand, type CloudDependencies, GLOBAL } from '../cloud/cloud.ts';
import { createPermissions } from '../cloud/permissions.ts';
import { createRequestRates } from '../cloud/request-rates.ts';
import type { ServiceSpec } from '../cloud/service.ts';
import { stackOnly } from '../cloud/stack-only.ts';
import type { ModelRuntime } from '../models/runtime.ts';
import { type AwsCredential, mintSession } from './credential.ts';
import { createEc2Region, type Ec2Region } from './ec2/region.ts';
import { type AwsError, throttlingError } from './errors.ts';
import { createIamDirectory, type IamDirectory } from './iam/directory.ts';
import { accessDenied, WORKLOAD_ROLE, WORKLOAD_SESSION } from './identity.ts';
import { createKmsRegion, type KmsRegion } from './kms/region.ts';
import { type AccountKey, type Principal, sessionPrincipal } from './principal.ts';
import { createObjectStore, type ObjectStore } from './s3/store.ts';
import { createSageMakerRegion, type SageMakerRegion } from './sagemaker/region.ts';
import { createSessionStore, type KeyFinder } from './session-store.ts';
import { type AwsTimings, DEFAULT_TIMINGS } from './timings.ts';

/** What the services of one AWS account share. */
export interface AwsAccount extends CloudAccount {
  readonly regions: readonly string[];
  readonly models: ModelRuntime;
  readonly iam: IamDirectory;
  readonly keys: KeyFinder<AccountKey>;
  readonly objects: ObjectStore;
  /** The session that instance metadata hands to the workload; the same as `credential`. */
  readonly session: AwsCredential;
  /** False between a revocation and its replacement. */
  readonly hasSession: boolean;
  /** Goes up with each `expire-tokens`: metadata tokens of an earlier generation are dead. */
  readonly tokenGeneration: number;
  /** @throws {TypeError} for a region that the account does not use */
  ec2(region: string): Ec2Region;
  sageMaker(region: string): SageMakerRegion;
  kms(region: string): KmsRegion;
  priceMultiplier(service: string, region: string): number;
  /**
   * Counts a request towards the service's rate.
   * @param kind of request, where the service counts kinds apart
   * @param refusal what is said above it
   * @throws {AwsError} `ThrottlingException`, or the refusal
   */
  takeRequest(service: string, region: string, kind?: string, refusal?: () => AwsError): void;
  /**
   * @param action IAM action, e.g. `ec2:RunInstances`
   * @throws {AwsError} `AccessDeniedException`
   */
  authorize(principal: Principal, service: string, operation: string, action: string, resource: string): void;
}

/** Longest session that a role may have (STS AssumeRole, `DurationSeconds` in the service model; read November 2026): who reads the credential once has half a day. */
const WORKLOAD_SESSION_MS = 12 * 3_600_000;

const inRegion = <Part>(parts: ReadonlyMap<string, Part>, region: string): Part => {
  const part = parts.get(region);
  if (!part) throw new TypeError(`aws: the account does not use region ${region}; it uses ${[...parts.keys()].join(', ')}`);
  return part;
};

/** @param specs of the services that commands may name */
export const openAwsAccount = async (
  regions: readonly string[],
  { models }: CloudDependencies,
  specs: readonly ServiceSpec[],
  timings: AwsTimings = DEFAULT_TIMINGS,
): Promise<AwsAccount> => {
  const iam = createIamDirectory();
  const sessions = createSessionStore(mintSession(WORKLOAD_SESSION_MS), WORKLOAD_SESSION_MS);
  const roleId = iam.roles.get(WORKLOAD_ROLE)?.roleId ?? '';
  const workload = sessionPrincipal(WORKLOAD_ROLE, roleId, WORKLOAD_SESSION);
  const permissions = createPermissions();
  const rates = createRequestRates(specs);
  const priceMultipliers = new Map<string, number>();
  let tokenGeneration = 0;

  const priceMultiplier = (service: string, region: string) => priceMultipliers.get(`${service}/${region}`) ?? 1;
  const ec2 = new Map(
    regions.map((region) => [region, createEc2Region(region, timings, () => priceMultiplier('ec2', region))] as const),
  );
  const sageMaker = new Map(
    regions.map(
      (region) =>
        [region, createSageMakerRegion(region, timings, models, () => priceMultiplier('sagemaker-runtime', region))] as const,
    ),
  );

  const kms = new Map(regions.map((region) => [region, createKmsRegion(region)] as const));

  const regionsOf = (spec: ServiceSpec): readonly string[] => (spec.isRegional ? regions : [GLOBAL]);

  /** Endpoints that a command means. @throws {TypeError} */
  const endpointsOf = (service: string, region: string): readonly { readonly service: string; readonly region: string }[] => {
    const matching = specs
      .filter((spec) => service === '*' || spec.service === service)
      .flatMap((spec) =>
        regionsOf(spec)
          .filter((each) => region === '*' || region === each)
          .map((each) => ({ service: spec.service, region: each })),
      );
    if (matching.length === 0) throw new TypeError(`aws: no endpoint ${region}/${service}`);
    return matching;
  };

  /** Of those the ones that have keys. @throws {TypeError} */
  const keyServicesOf = (service: string, region: string) => {
    const matching = endpointsOf(service, region).filter((at) => at.service === 'kms');
    if (matching.length === 0) throw new TypeError(`aws: ${service} has no keys; kms has`);
    return matching;
  };

  const carryOut: { [Type in CloudCommand['type']]: (command: Extract<CloudCommand, { type: Type }>) => Promise<void> | void } = {
    async 'revoke-credential'({ replacementAfterMs }) {
      iam.dropSessionsOf(workload);
      await sessions.revoke(replacementAfterMs);
    },
    'expire-tokens'() {
      tokenGeneration += 1;
      iam.expireSessions();
      sessions.expireSession();
    },
    'set-price-multiplier'({ service, region, multiplier }) {
      for (const at of endpointsOf(service, region)) priceMultipliers.set(`${at.service}/${at.region}`, multiplier);
    },
    'set-quota'({ service, region, requestsPerS }) {
      for (const at of endpointsOf(service, region)) rates.set(at.service, at.region, requestsPerS);
    },
    'set-permission'({ service, operation, isAllowed }) {
      const spec = specs.find((each) => each.service === service);
      if (!spec) throw new TypeError(`aws: no service ${service}; there are ${specs.map((each) => each.service).join(', ')}`);
      if (operation !== '*' && !spec.operations.some(({ name }) => name === operation)) {
        throw new TypeError(`aws: ${service} has no operation ${operation}`);
      }
      permissions.set(service, operation, isAllowed);
    },
    'set-key-enabled'({ service, region, isEnabled }) {
      for (const at of keyServicesOf(service, region)) inRegion(kms, at.region).setEnabled(isEnabled);
    },
    'rotate-keys'({ service, region }) {
      for (const at of keyServicesOf(service, region)) inRegion(kms, at.region).rotateAll();
    },
    ...stackOnly('aws'),
    'interrupt-instances'({ region, noticeMs }) {
      const interrupted = region === '*' ? [...ec2.values()] : [inRegion(ec2, region)];
      for (const each of interrupted) each.interruptSpot(noticeMs);
    },
  };

  return {
    regions,
    models,
    iam,
    objects: createObjectStore(regions),
    keys: {
      find(accessKeyId) {
        const key = sessions.find(accessKeyId);
        return key ? { ...key, principal: workload } : iam.find(accessKeyId);
      },
    },
    get credential() {
      const { accessKeyId, secretAccessKey, sessionToken = '' } = sessions.published;
      return { accessKeyId, secretAccessKey, sessionToken };
    },
    get session() {
      return sessions.published;
    },
    get hasSession() {
      return sessions.active !== null;
    },
    get tokenGeneration() {
      return tokenGeneration;
    },
    ec2: (region) => inRegion(ec2, region),
    sageMaker: (region) => inRegion(sageMaker, region),
    kms: (region) => inRegion(kms, region),
    priceMultiplier,
    takeRequest(service, region, kind, refusal = () => throttlingError('Rate exceeded')) {
      if (!rates.admits(service, region, kind)) throw refusal();
    },
    authorize(principal, service, operation, action, resource) {
      if (!permissions.allows(service, operation)) throw accessDenied(principal.arn, action, resource);
    },
    async control(command) {
      await carryOut[command.type](command as never);
    },
  };
};
