import { scanVersion, type VersionForm } from './versionText.ts';

/** The normal form of a PEP 440 version; undefined when the text is not one. */
export function normalVersion(text: string): string | undefined {
  const parts = splitVersion(text);
  return parts && parts.epoch + parts.release.join('.') + parts.suffix;
}

/** The same without zeros at the end of the release: equal texts are equal versions. */
export function canonicalVersion(text: string): string | undefined {
  const parts = splitVersion(text);
  if (parts === undefined) return undefined;
  const release = [...parts.release];
  while (release.length > 1 && release.at(-1) === '0') release.pop();
  return parts.epoch + release.join('.') + parts.suffix;
}

interface VersionParts {
  readonly epoch: string;
  readonly release: readonly string[];
  readonly suffix: string;
}

const fullForm: VersionForm = { wildcard: false, local: true, minimumReleaseParts: 1 };

/** Only for texts that `scanVersion` has taken. */
const versionPattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|beta|preview|pre|a|b|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+(.+))?$/;

const preLetters: ReadonlyMap<string, string> = new Map([
  ['alpha', 'a'],
  ['beta', 'b'],
  ['preview', 'rc'],
  ['pre', 'rc'],
  ['c', 'rc'],
]);

function splitVersion(text: string): VersionParts | undefined {
  const written = text.trim().toLowerCase();
  if (scanVersion(written, 0, fullForm) !== written.length) return undefined;
  const match = versionPattern.exec(written);
  if (match === null) return undefined;
  const [, epoch = '', release = '', pre, preNumber, dashPost, post, postNumber, dev, devNumber, local] = match;
  const preText = pre === undefined ? '' : (preLetters.get(pre) ?? pre) + integer(preNumber);
  const postText = dashPost !== undefined || post !== undefined ? `.post${integer(dashPost ?? postNumber)}` : '';
  const devText = dev === undefined ? '' : `.dev${integer(devNumber)}`;
  const localText = local === undefined ? '' : `+${local.split(/[-_.]/).map(localPart).join('.')}`;
  return {
    epoch: integer(epoch) === '0' ? '' : `${integer(epoch)}!`,
    release: release.split('.').map(integer),
    suffix: preText + postText + devText + localText,
  };
}

/** Without leading zeros; a missing number is 0. Versions have no upper bound, so this stays text. */
function integer(digits: string | undefined): string {
  const significant = (digits ?? '').replace(/^0+/, '');
  return significant === '' ? '0' : significant;
}

function localPart(part: string): string {
  return /^\d+$/.test(part) ? integer(part) : part;
}
