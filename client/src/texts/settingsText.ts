import type { EffectiveSettings } from '../../../protocol/messages/figures/effectiveSettings.ts';
import { escapeMarkdown } from './escapeMarkdown.ts';
import { markdownRows } from './table.ts';
import type { Translate } from './translate.ts';

/** Which settings hold, and where each of them comes from, as a page of Markdown. */
export function settingsText({ folders }: EffectiveSettings, t: Translate): string {
  const header = [t('Setting'), t('Value'), t('Comes from')];
  const from = (text: string): string =>
    text === 'default' ? t('default') : text === 'settings' ? t('settings of the editor') : text;
  return [
    `# ${t('Pinwatch: settings in effect')}`,
    '',
    ...folders.flatMap(({ name, values }) => [
      ...(name === '' ? [] : [`## ${escapeMarkdown(name)}`, '']),
      ...markdownRows(
        header,
        values.map((one) => [one.key, one.value, from(one.from)].map((text) => escapeMarkdown(text))),
      ),
      '',
    ]),
  ].join('\n');
}
