import { Command } from 'commander';
import { takeDown } from '../../harness/emulators/down.ts';

export const downCommand = (): Command =>
  new Command('down').description('stop the emulators that `squall up` has put up').action(async () => {
    const { staleVariables } = await takeDown();
    process.stderr.write('squall: the emulators are down; nothing is left of them.\n');
    if (staleVariables.length > 0) {
      process.stderr.write(`squall: this shell still names their files. Run: unset ${staleVariables.join(' ')}\n`);
    }
  });
