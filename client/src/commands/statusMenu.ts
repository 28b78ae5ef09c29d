import { commands, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import { editorCommands, extensionId, findingsViewId } from '../../../protocol/ids.ts';
import type { Translate } from '../texts/translate.ts';

/** The menu of the status bar item. The manifest does not name it, so the palette hides it. */
export const showCommandsCommand = 'pinwatch.showCommands';

/** What one does most comes first, settings before what is about Pinwatch itself. */
export async function showStatusMenu(t: Translate): Promise<void> {
  const picked = await window.showQuickPick(items(t), { title: 'Pinwatch' });
  if (picked !== undefined && 'command' in picked) {
    await commands.executeCommand(picked.command, ...(picked.args ?? []));
  }
}

interface MenuItem extends QuickPickItem {
  readonly command: string;
  readonly args?: readonly unknown[];
}

function items(t: Translate): readonly (MenuItem | QuickPickItem)[] {
  return [
    { label: `$(list-tree) ${t('Show Findings')}`, command: `${findingsViewId}.focus` },
    { label: `$(arrow-down) ${t('Next Problem')}`, command: editorCommands.nextProblem },
    { label: `$(wrench) ${t('Fix All in File')}`, command: editorCommands.fixAll },
    { label: `$(refresh) ${t('Scan File')}`, command: editorCommands.rescan },
    { label: `$(search) ${t('Scan Workspace')}`, command: editorCommands.rescanWorkspace },
    { label: `$(file-text) ${t('Show Report')}`, command: editorCommands.showReport },
    {
      label: `$(gear) ${t('Settings')}`,
      command: 'workbench.action.openSettings',
      args: [`@ext:${extensionId}`],
    },
    { label: t('More'), kind: QuickPickItemKind.Separator },
    { label: `$(wrench) ${t('Fix All in Workspace…')}`, command: editorCommands.fixAllInWorkspace },
    { label: `$(eye-closed) ${t('Ignore Advisory…')}`, command: editorCommands.ignoreAdvisory },
    { label: `$(save) ${t('Export Report…')}`, command: editorCommands.exportReport },
    { label: `$(eye) ${t('Show What Is Sent')}`, command: editorCommands.showSentData },
    { label: t('Local database'), kind: QuickPickItemKind.Separator },
    { label: `$(cloud-download) ${t('Update Local Database')}`, command: editorCommands.updateDatabase },
    { label: `$(file-zip) ${t('Import Local Database…')}`, command: editorCommands.importDatabase },
    { label: t('About Pinwatch'), kind: QuickPickItemKind.Separator },
    { label: `$(pulse) ${t('Show Status')}`, command: editorCommands.showHealth },
    { label: `$(graph) ${t('Show Cache Statistics')}`, command: editorCommands.showStatistics },
    { label: `$(clear-all) ${t('Clear Cache')}`, command: editorCommands.clearCache },
    { label: `$(output) ${t('Show Output')}`, command: editorCommands.showOutput },
  ];
}
