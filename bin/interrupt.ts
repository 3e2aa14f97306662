const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Signals as an AbortSignal. Later ones are swallowed, so that impatience can't stop the cleaning up. */
export const watchInterrupts = (): { readonly signal: AbortSignal; dispose(): void } => {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  for (const name of SIGNALS) process.on(name, interrupt);
  return {
    signal: controller.signal,
    dispose() {
      for (const name of SIGNALS) process.off(name, interrupt);
    },
  };
};
