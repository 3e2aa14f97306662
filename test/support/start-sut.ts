import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChosenSut, SutOptions } from '../../harness/sut/sut.ts';
import { testImages } from './containers.ts';

/** Starts it as a run does, which tells it nothing of links, ends it, and tells what it printed up to then. Rejects with what hinders it. */
export const startOnce = async (chosen: ChosenSut): Promise<readonly string[]> => {
  const printed: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'squall-sut-'));
  try {
    const prepared = await chosen.prepare();
    try {
      const options: Omit<SutOptions, 'config'> = {
        environment: () => ({}),
        files: () => ({}),
        folder,
        transport: 'http',
        onEvent: () => undefined,
        onOutput: ({ text }) => printed.push(text),
      };
      const sut = prepared.start(options as SutOptions);
      await sut.ready;
      await sut.stop();
      return printed;
    } finally {
      await prepared.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** An image of a server that listens at 3000 whatever PORT says, and prints what that is. */
export const deafServer = (exposed: string): string =>
  `FROM ${testImages.busybox}\nEXPOSE ${exposed}\nCMD ["sh", "-c", "echo told $PORT; exec httpd -f -p 3000 -h /"]\n`;

export const buildImage = (tag: string, dockerfile: string): void => {
  execFileSync('docker', ['build', '--quiet', '--tag', tag, '-'], { input: dockerfile, stdio: 'pipe' });
};

export const removeImages = (...tags: readonly string[]): void => {
  execFileSync('docker', ['rmi', '--force', ...tags], { stdio: 'pipe' });
};
