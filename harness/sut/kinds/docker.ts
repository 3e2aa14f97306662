import { z } from 'zod';
import { openContainers } from '../../containers/containers.ts';
import { reachContainers } from '../container/reach.ts';
import { startContainerSut } from '../container/start.ts';
import { defineSutKind } from '../kind.ts';
import { commonSettings, containerPort } from '../settings.ts';

/** What Cloud Run and others tell a container that is told nothing else. */
const DEFAULT_PORT = 8080;
const PREFIX = 'docker:';

/** An image of the user's, in a container on a network of the run. */
export const docker = defineSutKind({
  key: 'docker',
  form: 'docker:<image>',
  summary:
    'A container of an image, which is told its links by environment variables and listens at the port in PORT, on all addresses.',
  settings: z.strictObject({
    docker: z
      .string()
      .regex(/^[\w][\w./:@-]*$/, 'expected the name of an image, such as my/image:1.2')
      .describe('Image, with its tag.'),
    command: z.array(z.string()).optional().describe("In place of the image's own."),
    containerPort: containerPort.prefault(DEFAULT_PORT),
    ...commonSettings,
  }),
  fromText: (text) => (text.startsWith(PREFIX) ? { docker: text.slice(PREFIX.length) } : undefined),
  choose({ docker: image, ...settings }) {
    return {
      title: `${PREFIX}${image}`,
      async prepare() {
        const containers = await openContainers();
        try {
          const reach = await reachContainers(containers);
          return {
            reach,
            start: (options) => startContainerSut({ image, ...settings }, containers, reach, options),
            close: containers.close,
          };
        } catch (error) {
          await containers.close();
          throw error;
        }
      },
    };
  },
});
