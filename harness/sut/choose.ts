import { SquallError } from '../errors.ts';
import { nearestNames } from '../nearest-names.ts';
import { explain } from '../scenario/explain.ts';
import { kinds } from './kinds.ts';
import { meantBy } from './no-command.ts';
import type { ChosenSut } from './sut.ts';

/** Where a system under test was named, and what its paths are relative to. */
export interface Naming {
  /** E.g. `--sut`, or `squall.config.ts, sut`. */
  readonly where: string;
  /** Folder that relative paths start from. */
  readonly folder: string;
}

/** The text that names a system under test on a command line, e.g. `docker:my/image`, as settings of its kind. */
export const sutFromText = (text: string, naming: Naming): object => {
  for (const kind of kinds) {
    const settings = kind.fromText(text.trim(), naming);
    if (settings) return settings;
  }
  const message = `${naming.where} names no system under test: "${text}".${meantBy(text.trim())}`;
  throw new SquallError('BAD_FLAG', message, `It takes ${forms()}.`);
};

const forms = (): string => kinds.map(({ form }) => form).join(', ');

/**
 * A system under test by its settings, e.g. `{ command: 'node server.js' }`.
 * @throws {SquallError} `BAD_FLAG` for settings of no kind, or that are not what the kind takes
 */
export const chooseSut = (settings: object, naming: Naming): ChosenSut => {
  const present = kinds.filter(({ key }) => Object.hasOwn(settings, key));
  // An image has a `command` too, a list: what names a kind is a text.
  const named = present.length > 1 ? present.filter(({ key }) => typeof settings[key as never] === 'string') : present;
  const [kind, other] = named;
  if (!kind || other) {
    const keys = kinds.map(({ key }) => key);
    const meant =
      Object.keys(settings)
        .map((key) => nearestNames(key, keys))
        .find((text) => text !== '') ?? '';
    throw new SquallError(
      'BAD_FLAG',
      `${naming.where} names ${other ? `${named.map(({ key }) => key).join(' and ')} at once` : 'no system under test'}.${other ? '' : meant}`,
      `It has one of ${keys.join(', ')}.`,
    );
  }
  const parsed = kind.settings.safeParse(settings, { error: explain });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const [message] = issue!.message.split('\n');
    const path = issue!.path.length === 0 ? '' : `.${issue!.path.join('.')}`;
    throw new SquallError(
      'BAD_FLAG',
      `${naming.where}${path}: ${message!.replace(/\.$/, '')}.`,
      `It is a system under test of kind ${kind.key}: ${kind.summary}`,
    );
  }
  return kind.choose(parsed.data, naming);
};
