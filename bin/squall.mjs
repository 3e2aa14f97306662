#!/usr/bin/env node
// The command as npm knows it: a file that is there from the start, as npm links none that a build makes later.
import { existsSync } from 'node:fs';

const built = new URL('../dist/bin/squall.js', import.meta.url);

if (existsSync(built)) {
  await import(built.href);
} else if (process.features.typescript) {
  // A clone before its first build: Node.js takes the types away, which it does not in node_modules, where there is always a build.
  await import(new URL('squall.ts', import.meta.url).href);
} else {
  process.stderr.write(
    `squall: Node.js is ${process.version}, which does not run TypeScript, and squall is not built.\n` +
      '  Start it by `npx squall` where the npm package `node` is installed (npm ci), or update Node.js to 22.22 or newer.\n',
  );
  process.exitCode = 2;
}
