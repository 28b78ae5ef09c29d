import type { SentData, WithheldRequirement } from '../../../protocol/messages.ts';
import { list } from './table.ts';
import type { Translate } from './translate.ts';

/** What leaves this machine, to whom, and what stays, in plain text. `pathOf` names a file for people. */
export function sentDataText(
  { enabled, blocked, destination, index, indexForLicenses, sent, withheld }: SentData,
  t: Translate,
  pathOf: (uri: string) => string,
): string {
  const names = sent.map(({ name, version }) => [name, version ?? t('(the name alone)')] as const);
  return [
    !enabled
      ? t('Pinwatch is switched off by its setting "pinwatch.enable", so nothing is sent.')
      : blocked !== undefined
        ? t('Nothing is sent: {0}', blocked)
        : destination === null
          ? t('Pinwatch uses only the local advisory database, so nothing is sent.')
          : t('Pinwatch sends the names and versions below to {0}.', destination),
    ...(destination === null
      ? []
      : [
          t(
            'It also asks there for packages that turn out to have advisories, by name, and for these advisories, by their ids.',
          ),
        ]),
    ...(index === null
      ? []
      : [
          t(
            'It asks the package index at {0} about packages that are vulnerable, by name, in order to verify fixes.',
            index,
          ),
        ]),
    ...(indexForLicenses
      ? [t('It asks there about every package with an exact version too, by name, for "pinwatch.policy.licenses".')]
      : []),
    ...(destination === null ? [] : [t('It sends nothing else: no file contents and no paths.')]),
    t('The list is that of the requirements files that are open or were found by Rescan Workspace.'),
    ...(destination === null
      ? []
      : [
          t(
            'What an earlier scan of the workspace could not ask waits on disk, and is asked once the service answers.',
          ),
        ]),
    '',
    ...list(t('Sent: {0}', sent.length), names),
    ...list(
      t('Not sent: {0}', withheld.length),
      withheld.map((one) => [`${pathOf(one.uri)}:${one.line + 1}`, reasonText(one, t)] as const),
    ),
  ].join('\n');
}

function reasonText({ name, reason, message }: WithheldRequirement, t: Translate): string {
  return reason === 'private'
    ? t('{0} is kept private by the setting "pinwatch.privacy.privatePackages".', name)
    : message;
}
