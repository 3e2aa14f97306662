import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { freePort, HOST, stopper, untilUp } from '../wire/processes.ts';
import type { Contender, Policies } from './contender.ts';
import { labelsOfPredictions } from './direct.ts';
import { ENDPOINT, REGIONS, type Upstream } from './emulator.ts';

const require = createRequire(import.meta.url);
const PACKAGE = '@portkey-ai/gateway';
const { version } = require(`${PACKAGE}/package.json`) as { version: string };

/**
 * A config of Portkey's: the regions in order, each attempted again on these statuses (its own default list), each attempt with a time limit.
 * Source: github.com/Portkey-AI/gateway 1.15.2, src/middlewares/requestValidator/schema/config.ts and src/globals.ts; read November 2026.
 */
const configOf = ({ portlessRuntimes, credential }: Upstream, { attemptTimeoutMs, retries }: Policies) => ({
  strategy: { mode: 'fallback' },
  retry: { attempts: retries, on_status_codes: [429, 500, 502, 503, 504] },
  request_timeout: attemptTimeoutMs,
  targets: REGIONS.map((region) => ({
    provider: 'sagemaker',
    custom_host: portlessRuntimes[region],
    aws_region: region,
    aws_access_key_id: credential.accessKeyId,
    aws_secret_access_key: credential.secretAccessKey,
    ...(credential.sessionToken ? { aws_session_token: credential.sessionToken } : {}),
  })),
});

/**
 * Portkey's open-source gateway in a process of its own, as `npx @portkey-ai/gateway --headless` starts it. Its route for SageMaker
 * signs the body and passes it on as it is.
 *
 * It signs for the host without its port, which is the same only at port 443 or 80: so the emulator has endpoints for it that leave the port out.
 */
export const portkey: Contender = {
  name: `Portkey ${version}`,
  async start(upstream, pixels, policies) {
    const port = await freePort();
    const child = spawn(process.execPath, [require.resolve(`${PACKAGE}/build/start-server.js`), `--port=${port}`, '--headless'], {
      stdio: 'ignore',
      env: { ...process.env, NODE_ENV: 'production' },
    });
    const stop = stopper(child);
    await untilUp(PACKAGE, port);
    return {
      request: {
        url: `http://${HOST}:${port}/v1/proxy/endpoints/${ENDPOINT}/invocations`,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'x-portkey-config': JSON.stringify(configOf(upstream, policies)),
        },
        body: JSON.stringify({ instances: [pixels] }),
      },
      readLabels: labelsOfPredictions,
      stop,
    };
  },
};
