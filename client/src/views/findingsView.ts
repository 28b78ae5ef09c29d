import {
  commands,
  Disposable,
  EventEmitter,
  Range,
  type TextDocumentShowOptions,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  Uri,
  window,
  workspace,
} from 'vscode';
import { findingsViewId } from '../../../protocol/ids.ts';
import type { FindingsParams } from '../../../protocol/messages.ts';
import { type FindingsNode, findingsSummary, findingsTree, isClean, type NodeIcon } from './findingsTree.ts';
import type { PinwatchClient } from '../languageClient.ts';
import type { Translate } from '../texts/translate.ts';

/** Set where the view has something to say; package.json asks for these. */
const contexts = {
  hasFiles: 'pinwatch.hasRequirementFiles',
  /** `notScanned`, `openFilesOnly` or `workspace`: which welcome text an empty list has. */
  scope: 'pinwatch.findingsScope',
} as const;

/** The list of findings in the Explorer, as the server told them last. */
export function createFindingsView(client: PinwatchClient, t: Translate): Disposable {
  const changed = new EventEmitter<void>();
  const pathOf = (uri: string): string => workspace.asRelativePath(Uri.parse(uri));
  let roots: readonly FindingsNode[] = [];
  const view = window.createTreeView<FindingsNode>(findingsViewId, {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => [...(node === undefined ? roots : node.kind === 'place' ? [] : node.children)],
      getTreeItem: treeItem,
    },
  });
  const draw = (findings: FindingsParams): void => {
    roots = findingsTree(findings, t, pathOf);
    changed.fire();
    applyFigures(view, findings, t, roots.length > 0);
    setContexts(findings);
  };
  const subscriptions = [
    client.onDidChangeFindings(draw),
    client.onDidChangeStatus((status) => {
      if ('connection' in status) {
        // What the list says is no longer kept up to date; an empty one must not read as an answer.
        view.message = t('Nothing is being checked.');
        void commands.executeCommand('setContext', contexts.scope, 'notScanned');
      }
    }),
  ];
  void findFirstFile();
  return Disposable.from(...subscriptions, view, changed);
}

function treeItem(node: FindingsNode): TreeItem {
  const item = new TreeItem(
    node.label,
    node.kind === 'place' ? TreeItemCollapsibleState.None : TreeItemCollapsibleState.Expanded,
  );
  item.id = node.id;
  item.description = node.description;
  item.accessibilityInformation = { label: node.accessibilityLabel };
  item.contextValue = node.kind;
  if (node.kind === 'place') {
    const { uri, line, character } = node.place;
    item.tooltip = node.tooltip;
    const options: TextDocumentShowOptions = { selection: new Range(line, character, line, character) };
    item.command = { command: 'vscode.open', title: '', arguments: [Uri.parse(uri), options] };
  } else {
    item.tooltip = node.accessibilityLabel;
    item.iconPath = icons[node.icon];
  }
  return item;
}

const icons: Readonly<Record<NodeIcon, ThemeIcon>> = {
  error: new ThemeIcon('error', new ThemeColor('problemsErrorIcon.foreground')),
  warning: new ThemeIcon('warning', new ThemeColor('problemsWarningIcon.foreground')),
  info: new ThemeIcon('info', new ThemeColor('problemsInfoIcon.foreground')),
  question: new ThemeIcon('question'),
};

function applyFigures(view: TreeView<FindingsNode>, findings: FindingsParams, t: Translate, hasRows: boolean): void {
  const count = findings.vulnerable.filter(({ verdict }) => verdict === 'vulnerable').length;
  const summary = findingsSummary(findings, t);
  // A welcome text says that nothing is known; VS Code shows it only where there is no message.
  const isMessage = hasRows || findings.pending > 0 || !isClean(findings);
  view.message = isMessage ? summary : undefined;
  view.description = isMessage ? undefined : summary;
  view.badge =
    count === 0
      ? undefined
      : {
          value: count,
          tooltip: count === 1 ? t('1 vulnerable requirement') : t('{0} vulnerable requirements', count),
        };
}

function setContexts({ workspace: searched, files }: FindingsParams): void {
  const scope = files === 0 && !searched ? 'notScanned' : searched ? 'workspace' : 'openFilesOnly';
  void commands.executeCommand('setContext', contexts.scope, scope);
  if (files > 0) {
    void commands.executeCommand('setContext', contexts.hasFiles, true);
  }
}

/** Whether the view is worth its place, before anything was opened or scanned. */
async function findFirstFile(): Promise<void> {
  const names = '**/{*requirements*,*constraints*}.{txt,in}';
  const [found] = await workspace.findFiles(names, '**/{node_modules,.venv,venv,.tox,site-packages}/**', 1);
  if (found !== undefined) {
    await commands.executeCommand('setContext', contexts.hasFiles, true);
  }
}
