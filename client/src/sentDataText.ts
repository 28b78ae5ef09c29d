import type { SentData, WithheldRequirement } from '../../protocol/messages.ts';
import { list } from './table.ts';
import type { Translate } from './translate.ts';

/** What leaves this machine, to whom, and what stays, in plain text. `pathOf` names a file for people. */
export function sentDataText(
  { destination, sent, withheld }: SentData,
  t: Translate,
  pathOf: (uri: string) => string,
): string {
  const names = sent.map(({ name, version }) => [name, version ?? t('(the name alone)')] as const);
  return [
    destination === null
      ? t('Pinwatch is switched off by its setting "pinwatch.enable", so nothing is sent.')
      : t(
          'Pinwatch sends these names and versions to {0}, and afterwards the names of packages that have advisories, and the ids of these.',
          destination,
        ),
    t('It sends nothing else: no file contents and no paths.'),
    t('The list is that of the requirements files that are open or were found by Rescan Workspace.'),
    '',
    ...list(t('Sent: {0}', sent.length), names),
    ...list(
      t('Not sent: {0}', withheld.length),
      withheld.map((one) => [`${one.name}`, `${reasonText(one, t)} (${pathOf(one.uri)}:${one.line + 1})`] as const),
    ),
  ].join('\n');
}

function reasonText({ reason, message }: WithheldRequirement, t: Translate): string {
  return reason === 'private' ? t('kept private by the setting "pinwatch.privacy.privatePackages"') : message;
}
