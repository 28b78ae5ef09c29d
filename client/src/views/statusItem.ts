import {
  type Disposable,
  languages,
  LanguageStatusSeverity,
  MarkdownString,
  StatusBarAlignment,
  type StatusBarItem,
  type TextDocument,
  ThemeColor,
  window,
  workspace,
} from 'vscode';
import { configurationSection } from '../../../protocol/ids.ts';
import type { SeverityCounts } from '../../../protocol/messages/severity.ts';
import { readSetting } from '../editorSettings.ts';
import type { PinwatchClient } from '../languageClient.ts';
import { linkedCommands } from './statusLinks.ts';
import { type LanguageStatusView, type Status, type StatusView, statusView } from './statusView.ts';
import { worstSeverities } from './worstSeverities.ts';
import type { Wording } from '../texts/translate.ts';

const longScanMs = 500;

export interface StatusCommand {
  readonly command: string;
  readonly title: string;
}

/** Shows the client's status in the status bar and in the language status while a requirements file is to be seen. */
export function createStatusItem(client: PinwatchClient, command: StatusCommand, wording: Wording): Disposable {
  const item = window.createStatusBarItem('pinwatch.status', StatusBarAlignment.Right, 100);
  item.name = 'Pinwatch';
  item.command = command.command;
  const languageItem = languages.createLanguageStatusItem('pinwatch.languageStatus', client.filters);
  languageItem.name = 'Pinwatch';
  languageItem.command = { command: command.command, title: command.title };

  let longScan = false;
  let wasScanning = false;
  let checkedAt: string | undefined;
  let severities: SeverityCounts = {};
  let scanTimer: ReturnType<typeof setTimeout> | undefined;

  const draw = (): void => {
    const { status } = client;
    const view = statusView(status, { longScan, severities, checkedAt }, wording);
    applyView(item, view);
    const { text, detail, severity } = view.language;
    languageItem.text = text;
    languageItem.detail = detail;
    languageItem.accessibilityInformation = { label: `Pinwatch: ${text}. ${detail}` };
    languageItem.busy = longScan;
    languageItem.severity = languageSeverities[severity];
  };
  const statusChanged = (status: Status): void => {
    if ('connection' in status) {
      languageItem.selector = client.filters; // another client may check other documents
    }
    if (wasScanning && !isScanning(status)) {
      checkedAt = new Date().toISOString();
    }
    wasScanning = isScanning(status);
    if (wasScanning) {
      scanTimer ??= setTimeout(() => {
        longScan = true;
        draw();
      }, longScanMs);
    } else {
      clearTimeout(scanTimer);
      scanTimer = undefined;
      longScan = false;
    }
    draw();
  };
  const place = (): void => {
    if (isWanted(client)) {
      item.show();
    } else {
      item.hide();
    }
  };

  statusChanged(client.status);
  place();
  const subscriptions = [
    item,
    languageItem,
    client.onDidChangeStatus(statusChanged),
    client.onDidChangeFindings((findings) => {
      severities = worstSeverities(findings);
      draw();
    }),
    window.onDidChangeActiveTextEditor(place),
    window.onDidChangeVisibleTextEditors(place),
    // A change of language closes and opens the document without a change of editor.
    workspace.onDidOpenTextDocument(place),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(configurationSection)) {
        place();
      }
    }),
  ];
  return {
    dispose() {
      clearTimeout(scanTimer);
      for (const subscription of subscriptions) {
        subscription.dispose();
      }
    },
  };
}

function applyView(item: StatusBarItem, view: StatusView): void {
  const tooltip = new MarkdownString(view.tooltip);
  tooltip.isTrusted = { enabledCommands: linkedCommands };
  tooltip.supportHtml = false;
  item.text = view.text;
  item.tooltip = tooltip;
  item.accessibilityInformation = { label: view.accessibilityLabel, role: 'button' };
  item.backgroundColor = view.warning ? new ThemeColor('statusBarItem.warningBackground') : undefined;
}

const languageSeverities: Readonly<Record<LanguageStatusView['severity'], LanguageStatusSeverity>> = {
  information: LanguageStatusSeverity.Information,
  warning: LanguageStatusSeverity.Warning,
  error: LanguageStatusSeverity.Error,
};

function isScanning(status: Status): boolean {
  return 'state' in status && status.state === 'scanning';
}

/** Whether a requirements file that Pinwatch checks is the active or a visible editor. */
function isWanted(client: PinwatchClient): boolean {
  if (readSetting('statusBar.enabled') === false) {
    return false;
  }
  const { filters } = client;
  const editors = [window.activeTextEditor, ...window.visibleTextEditors];
  return editors.some((editor) => editor !== undefined && isChecked(editor.document, filters));
}

function isChecked(document: TextDocument, filters: PinwatchClient['filters']): boolean {
  return languages.match(filters, document) > 0 && readSetting('enable', document) !== false;
}
