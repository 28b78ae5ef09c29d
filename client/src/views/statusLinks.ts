import { editorCommands, extensionId, findingsViewId } from '../../../protocol/ids.ts';
import type { Translate } from '../texts/translate.ts';

const focusFindings = `${findingsViewId}.focus`;
const openSettings = 'workbench.action.openSettings';

/** The commands that a link of the tooltip may run; none of them takes anything from what is shown. */
export const linkedCommands: readonly string[] = [
  focusFindings,
  editorCommands.nextProblem,
  editorCommands.fixAll,
  editorCommands.rescanWorkspace,
  editorCommands.showReport,
  openSettings,
];

/** One line of links, in Markdown. */
export function statusLinks(t: Translate): string {
  const settings = `${openSettings}?${encodeURIComponent(JSON.stringify([`@ext:${extensionId}`]))}`;
  const links = [
    [t('Show Findings'), focusFindings],
    [t('Next Problem'), editorCommands.nextProblem],
    [t('Fix All in File'), editorCommands.fixAll],
    [t('Scan Workspace'), editorCommands.rescanWorkspace],
    [t('Show Report'), editorCommands.showReport],
    [t('Settings'), settings],
  ] as const;
  return links.map(([label, command]) => `[${label}](command:${command})`).join(' · ');
}
