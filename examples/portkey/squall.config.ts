import { createRequire } from 'node:module';

const gateway = createRequire(import.meta.url).resolve('@portkey-ai/gateway/build/start-server.js');

// `import { defineConfig } from 'squall'` gives it types, where squall is a dependency.
export default {
  sut: { command: 'node "$GATEWAY" --port=$PORT --headless', env: { GATEWAY: gateway, NODE_ENV: 'production' } },
  scenarios: ['./region-outage.yaml'],
};
