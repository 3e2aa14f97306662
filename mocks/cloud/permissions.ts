/** What the workload's identity may not do. */
export interface Permissions {
  /** Whether it may call an operation of a service. */
  allows(service: string, operation: string): boolean;
  /** @param operation `*` is every one */
  set(service: string, operation: string, isAllowed: boolean): void;
}

const ANY = '*';

/** Everything is allowed until it is taken. */
export const createPermissions = (): Permissions => {
  const taken = new Set<string>();
  return {
    allows: (service, operation) => !taken.has(`${service}/${ANY}`) && !taken.has(`${service}/${operation}`),
    set(service, operation, isAllowed) {
      if (!isAllowed) taken.add(`${service}/${operation}`);
      else if (operation !== ANY) taken.delete(`${service}/${operation}`);
      else for (const one of [...taken]) if (one.startsWith(`${service}/`)) taken.delete(one);
    },
  };
};
