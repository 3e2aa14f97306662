import { type AwsCredential, mintAccessKey, mintSession, randomId } from '../credential.ts';
import { ACCOUNT_ID, WORKLOAD_ROLE } from '../identity.ts';
import { type AccountKey, type Principal, sessionPrincipal, userPrincipal } from '../principal.ts';

export interface IamUser {
  readonly userName: string;
  readonly path: string;
  readonly userId: string;
  readonly arn: string;
  readonly createdAt: Date;
}

export interface IamRole {
  readonly roleName: string;
  readonly path: string;
  readonly roleId: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly trustPolicy: string;
  readonly description: string | undefined;
  /** Longest session, seconds. */
  readonly maxSessionS: number;
}

/** An access key of a user. Inactive ones are kept, and let nobody in. */
export interface UserKey {
  readonly credential: AwsCredential;
  readonly userName: string;
  readonly createdAt: Date;
  isActive: boolean;
  lastUsed: { readonly at: Date; readonly service: string; readonly region: string } | null;
}

/** A session that STS gave out. */
interface IssuedSession {
  readonly credential: AwsCredential;
  readonly principal: Principal;
  readonly issuer: Principal;
}

/** Users, roles, keys and sessions of the account. */
export interface IamDirectory {
  readonly users: Map<string, IamUser>;
  readonly roles: Map<string, IamRole>;
  /** By access key id. */
  readonly keys: Map<string, UserKey>;
  createUser(userName: string, path: string): IamUser;
  createKey(userName: string): UserKey;
  createRole(role: Pick<IamRole, 'roleName' | 'path' | 'trustPolicy' | 'description' | 'maxSessionS'>): IamRole;
  /** @param lengthMs milliseconds */
  assume(role: IamRole, sessionName: string, lengthMs: number, issuer: Principal): AwsCredential;
  /** A user's own session. @param lengthMs milliseconds */
  issueUserSession(user: Principal, lengthMs: number): AwsCredential;
  find(accessKeyId: string): AccountKey | undefined;
  /** Remembers when and where a user's key was used last. Keys of sessions are not remembered. */
  noteUse(accessKeyId: string, service: string, region: string): void;
  /** Ends each session that was given out until now. */
  expireSessions(): void;
  /** Forgets the sessions that somebody got from STS. */
  dropSessionsOf(issuer: Principal): void;
}

/** Who EC2's instances are: what an instance profile's role trusts. */
const EC2_TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com', AWS: ACCOUNT_ID }, Action: 'sts:AssumeRole' }],
});

/** With the workload's role, and a user of the same name as its owner. */
export const createIamDirectory = (): IamDirectory => {
  const users = new Map<string, IamUser>();
  const roles = new Map<string, IamRole>();
  const keys = new Map<string, UserKey>();
  const sessions = new Map<string, IssuedSession>();

  const issue = (principal: Principal, issuer: Principal, lengthMs: number): AwsCredential => {
    const credential = mintSession(lengthMs);
    sessions.set(credential.accessKeyId, { credential, principal, issuer });
    return credential;
  };

  const directory: IamDirectory = {
    users,
    roles,
    keys,
    createUser(userName, path) {
      const arn = `arn:aws:iam::${ACCOUNT_ID}:user${path}${userName}`;
      const user: IamUser = { userName, path, userId: randomId('AIDA'), arn, createdAt: new Date() };
      users.set(userName, user);
      return user;
    },
    createKey(userName) {
      const key: UserKey = { credential: mintAccessKey(), userName, createdAt: new Date(), isActive: true, lastUsed: null };
      keys.set(key.credential.accessKeyId, key);
      return key;
    },
    createRole(role) {
      const arn = `arn:aws:iam::${ACCOUNT_ID}:role${role.path}${role.roleName}`;
      const created: IamRole = { ...role, roleId: randomId('AROA'), arn, createdAt: new Date() };
      roles.set(role.roleName, created);
      return created;
    },
    assume: (role, sessionName, lengthMs, issuer) =>
      issue(sessionPrincipal(role.roleName, role.roleId, sessionName), issuer, lengthMs),
    issueUserSession: (user, lengthMs) => issue(user, user, lengthMs),
    find(accessKeyId) {
      const session = sessions.get(accessKeyId);
      if (session) return { ...session, isExpired: (session.credential.expiresAtMs ?? 0) <= Date.now() };
      const key = keys.get(accessKeyId);
      const user = key && users.get(key.userName);
      if (!key?.isActive || !user) return undefined;
      return { credential: key.credential, isExpired: false, principal: userPrincipal(user.userName, user.path, user.userId) };
    },
    noteUse(accessKeyId, service, region) {
      const key = keys.get(accessKeyId);
      if (key) key.lastUsed = { at: new Date(), service, region };
    },
    expireSessions() {
      const nowMs = Date.now();
      for (const [id, session] of sessions) {
        sessions.set(id, { ...session, credential: { ...session.credential, expiresAtMs: nowMs } });
      }
    },
    dropSessionsOf(issuer) {
      for (const [id, session] of sessions) if (session.issuer.userId === issuer.userId) sessions.delete(id);
    },
  };
  directory.createRole({
    roleName: WORKLOAD_ROLE,
    path: '/',
    trustPolicy: EC2_TRUST,
    description: 'The role that the workload runs in.',
    maxSessionS: 43_200,
  });
  directory.createUser(WORKLOAD_ROLE, '/');
  return directory;
};
