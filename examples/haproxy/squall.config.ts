// `import { defineConfig } from 'squall'` gives it types, where squall is a dependency.
export default {
  sut: { command: 'haproxy -f haproxy.cfg', ready: { within: '10s' } },
  scenarios: ['./region-outage.yaml'],
};
