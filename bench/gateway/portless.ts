/** Marks an endpoint of the bench's emulator that takes its host to have no port. */
export const PORTLESS = ' without port';
