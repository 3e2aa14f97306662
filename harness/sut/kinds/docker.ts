import { z } from 'zod';
import { openContainers } from '../../containers/containers.ts';
import { findImage, missingImage } from '../../containers/image.ts';
import { IMAGE_NAME, notAnImageName } from '../../containers/image-name.ts';
import { portOf } from '../container/port.ts';
import { reachContainers } from '../container/reach.ts';
import { startContainerSut } from '../container/start.ts';
import { defineSutKind } from '../kind.ts';
import { commonSettings, containerPort } from '../settings.ts';

const PREFIX = 'docker:';

/** An image of the user's, in a container on a network of the run. */
export const docker = defineSutKind({
  key: 'docker',
  form: 'docker:<image>',
  summary:
    'A container of an image, which is told its links by environment variables and listens at the port in PORT, on all addresses.',
  settings: z.strictObject({
    docker: z.string().regex(IMAGE_NAME, notAnImageName('my/image:1.2')).describe('Image, with its tag.'),
    command: z.array(z.string()).optional().describe("In place of the image's own."),
    containerPort: containerPort.optional(),
    ...commonSettings,
  }),
  fromText: (text) => (text.startsWith(PREFIX) ? { docker: text.slice(PREFIX.length) } : undefined),
  choose({ docker: image, containerPort: named, ...settings }, { where }) {
    return {
      title: `${PREFIX}${image}`,
      async prepare() {
        const containers = await openContainers();
        try {
          const facts = await findImage(image);
          if (!facts) throw missingImage(image);
          const own = { image, containerPort: portOf(named, image, facts, where), ...settings };
          const reach = await reachContainers(containers);
          return {
            reach,
            start: (options) => startContainerSut(own, containers, reach, options),
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
