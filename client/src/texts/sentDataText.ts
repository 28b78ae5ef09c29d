import { osvBucketUrl } from '../../../protocol/ids.ts';
import type { SentData, WithheldRequirement } from '../../../protocol/messages/figures/sentData.ts';
import { escapeMarkdown } from './escapeMarkdown.ts';
import { list, markdownRows } from './table.ts';
import type { Translate } from './translate.ts';

/** What leaves this machine, to whom, and what stays, as a page of Markdown. `pathOf` names a file for people. */
export function sentDataText(data: SentData, t: Translate, pathOf: (uri: string) => string): string {
  const { destination, index, indexForLicenses, teamCache, sent, withheld } = data;
  const isOnline = destination !== null;
  return [
    `# ${t('What Pinwatch sends')}`,
    '',
    `**${escapeMarkdown(leadText(data, t), 500)}**`,
    '',
    ...bullets([
      ...(isOnline
        ? [
            t(
              'For a package that has advisories, it asks the service for all of them, by the name of the package and by their ids.',
            ),
          ]
        : []),
      ...(index === null
        ? []
        : [
            indexForLicenses
              ? t(
                  'It asks the package index {0} about vulnerable packages to verify fixes, and about every exact version for "pinwatch.policy.licenses", by name.',
                  index,
                )
              : t('It asks the package index {0} about vulnerable packages to verify fixes, by name.', index),
          ]),
      ...(teamCache === null
        ? []
        : [t('It keeps answers in the team cache {0}, under keys that do not show names.', teamCache)]),
      t('Update Local Database downloads advisories from {0}. It sends no names.', osvBucketUrl),
      ...(isOnline ? [t('Names from an interrupted scan are sent when the service is reachable again.')] : []),
      t('File contents, paths and telemetry are never sent.'),
    ]),
    t('Covers open files and files found by a workspace scan.'),
    '',
    ...list(
      t('Sent: {0}', sent.length),
      [t('Package'), t('Version')],
      sent.map(({ name, version }) => [name, version ?? t('(name only)')] as const),
    ),
    ...withheldList(withheld, t, pathOf),
  ].join('\n');
}

function leadText({ enabled, blocked, destination }: SentData, t: Translate): string {
  if (!enabled) {
    return t('Nothing is sent: Pinwatch is turned off by the setting "pinwatch.enable".');
  }
  if (blocked !== undefined) {
    return t('Nothing is sent: {0}', blocked);
  }
  return destination === null
    ? t('Nothing is sent: Pinwatch uses only the local advisory database.')
    : t('Pinwatch sends the package names and versions below to {0}.', destination);
}

function bullets(texts: readonly string[]): readonly string[] {
  return [...texts.map((text) => `- ${escapeMarkdown(text, 500)}`), ''];
}

function withheldList(
  withheld: readonly WithheldRequirement[],
  t: Translate,
  pathOf: (uri: string) => string,
): readonly string[] {
  const rows = withheld.map((one) => [
    escapeMarkdown(`${pathOf(one.uri)}:${one.line + 1}`),
    escapeMarkdown(one.name),
    escapeMarkdown(reasonText(one, t)),
  ]);
  return [
    `## ${t('Not sent: {0}', withheld.length)}`,
    '',
    ...(rows.length === 0 ? [] : [...markdownRows([t('Where'), t('Package'), t('Why')], rows), '']),
  ];
}

function reasonText({ name, reason, message }: WithheldRequirement, t: Translate): string {
  return reason === 'private'
    ? t('{0} is kept private by the setting "pinwatch.privacy.privatePackages".', name)
    : message;
}
