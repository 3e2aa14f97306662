/**
 * Why the registry did not serve a client.
 * - `unavailable`: no replica answered, or none that could
 * - `stale`: those that answered may be too far behind
 * - `corrupt`: the bytes of every copy that could be had are wrong
 * - `not-found`: there is no such model, version or alias
 * - `conflict`: another version has been published meanwhile
 */
export type RegistryErrorKind = 'unavailable' | 'stale' | 'corrupt' | 'not-found' | 'conflict';

export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly kind: RegistryErrorKind;
  /** `conflict`: the newest version that there is. */
  readonly newest: number | null;

  constructor(kind: RegistryErrorKind, message: string, newest: number | null = null) {
    super(message);
    this.kind = kind;
    this.newest = newest;
  }
}
