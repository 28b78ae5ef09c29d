import {
  commands,
  Disposable,
  EventEmitter,
  type Memento,
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
import { editorCommands, findingsViewId, viewCommands } from '../../../protocol/ids.ts';
import { advisoriesMethod, type AdvisoriesResult } from '../../../protocol/messages/advisories.ts';
import type { FindingsParams, VulnerableRequirement } from '../../../protocol/messages/findings.ts';
import type { Place } from '../../../protocol/messages/place.ts';
import { readSetting, settingId } from '../editorSettings.ts';
import type { PinwatchClient } from '../languageClient.ts';
import type { Translate } from '../texts/translate.ts';
import { countRequirementFiles } from './fileCount.ts';
import { findingsActions, findingsMessage, type ViewFacts } from './findingsMessage.ts';
import type { ActionNode, FindingsNode, NodeIcon } from './findingsNodes.ts';
import { advisoryNodes, findingsTree, type MinimumSeverity, type TreeWish } from './findingsTree.ts';

/** Set where the view has something to say; package.json asks for these. */
const contexts = {
  hasFiles: 'pinwatch.hasRequirementFiles',
  grouping: 'pinwatch.findingsGrouping',
  isFiltered: 'pinwatch.findingsFiltered',
} as const;

/** Under which the user's choices are kept for the workspace. */
const keys = { grouping: 'findings.grouping', minimum: 'findings.minimum' } as const;

/** The view of findings, as the server reported them last. */
export class FindingsView implements Disposable {
  readonly #client: PinwatchClient;
  readonly #memory: Memento;
  readonly #t: Translate;
  readonly #changed = new EventEmitter<void>();
  readonly #view: TreeView<FindingsNode>;
  readonly #subscriptions: Disposable;
  readonly #counting: NodeJS.Immediate;
  #wish: TreeWish;
  #findings: FindingsParams | undefined;
  #found: number | undefined;
  #isStopped = false;
  #isOff = false;

  constructor(client: PinwatchClient, memory: Memento, t: Translate) {
    this.#client = client;
    this.#memory = memory;
    this.#t = t;
    this.#wish = { grouping: groupingIn(memory), minimum: minimumIn(memory) };
    this.#view = window.createTreeView<FindingsNode>(findingsViewId, {
      showCollapseAll: true,
      treeDataProvider: {
        onDidChangeTreeData: this.#changed.event,
        getChildren: (node) => this.#childrenOf(node),
        getTreeItem: treeItem,
      },
    });
    this.#subscriptions = Disposable.from(
      client.onDidChangeFindings((findings) => {
        this.#findings = findings;
        this.#isStopped = false;
        this.#draw();
      }),
      client.onDidChangeStatus((status) => {
        // What the list says is no longer kept up to date then. Other changes of the status are not about the list.
        const isStopped = 'connection' in status && status.connection === 'stopped';
        if (isStopped !== this.#isStopped) {
          this.#isStopped = isStopped;
          this.#draw();
        }
      }),
      workspace.onDidChangeWorkspaceFolders(() => void this.#count()),
      workspace.onDidCreateFiles(() => void this.#count()),
      workspace.onDidDeleteFiles(() => void this.#count()),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(settingId('enable'))) {
          this.#draw();
        }
      }),
    );
    // In a turn of its own: the first look at the settings takes as long as all the rest of an activation.
    this.#counting = setImmediate(() => void this.#count());
  }

  get minimum(): MinimumSeverity {
    return this.#wish.minimum;
  }

  async groupBy(grouping: TreeWish['grouping']): Promise<void> {
    this.#wish = { ...this.#wish, grouping };
    await this.#memory.update(keys.grouping, grouping);
    this.#draw();
  }

  async show(minimum: MinimumSeverity): Promise<void> {
    this.#wish = { ...this.#wish, minimum };
    await this.#memory.update(keys.minimum, minimum);
    this.#draw();
  }

  dispose(): void {
    clearImmediate(this.#counting);
    this.#subscriptions.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }

  async #childrenOf(node: FindingsNode | undefined): Promise<FindingsNode[]> {
    switch (node?.kind) {
      case undefined:
        return this.#roots();
      case 'package':
      case 'file':
      case 'failures':
      case 'ignores':
        return [...node.children];
      case 'requirement':
        return [...(await this.#advisoriesOf(node.requirement))];
      case 'advisory':
      case 'failed':
      case 'ignored':
      case 'action':
        return [];
    }
  }

  #roots(): FindingsNode[] {
    const context = { t: this.#t, pathOf: (uri: string): string => workspace.asRelativePath(Uri.parse(uri)) };
    const groups = this.#findings === undefined ? [] : findingsTree(this.#findings, this.#wish, context);
    return [...groups, ...findingsActions(this.#facts(), this.#t)];
  }

  async #advisoriesOf(requirement: VulnerableRequirement): Promise<readonly FindingsNode[]> {
    const { uri, line, character } = requirement;
    const place: Place = { uri, line, character };
    const { advisories } = await this.#client.request<AdvisoriesResult>(advisoriesMethod, place);
    return advisoryNodes(requirement, advisories, this.#t);
  }

  #draw(): void {
    const { grouping, minimum } = this.#wish;
    this.#isOff = readSetting('enable') === false;
    this.#changed.fire();
    this.#view.message = findingsMessage(this.#facts(), this.#t);
    this.#view.badge = badgeOf(this.#findings, this.#t);
    setContext(contexts.grouping, grouping);
    setContext(contexts.isFiltered, minimum !== 'none');
    if ((this.#findings?.files ?? 0) > 0 || (this.#found ?? 0) > 0) {
      setContext(contexts.hasFiles, true);
    }
  }

  #facts(): ViewFacts {
    return {
      findings: this.#findings,
      found: this.#found,
      hasFolder: (workspace.workspaceFolders ?? []).length > 0,
      isStopped: this.#isStopped,
      isOff: this.#isOff,
      minimum: this.#wish.minimum,
    };
  }

  async #count(): Promise<void> {
    this.#found = await countRequirementFiles();
    this.#draw();
  }
}

function badgeOf(findings: FindingsParams | undefined, t: Translate): TreeView<FindingsNode>['badge'] {
  const count = (findings?.vulnerable ?? []).filter(({ verdict }) => verdict === 'vulnerable').length;
  return count === 0
    ? undefined
    : {
        value: count,
        tooltip: count === 1 ? t('1 vulnerable requirement') : t('{0} vulnerable requirements', count),
      };
}

function treeItem(node: FindingsNode): TreeItem {
  const item = new TreeItem(node.label, collapsibleState[node.kind]);
  item.id = node.id;
  item.description = node.description;
  item.tooltip = node.tooltip;
  item.accessibilityInformation = { label: node.accessibilityLabel };
  item.contextValue = contextValueOf(node);
  if (node.icon !== undefined) {
    item.iconPath = themeIcon(node.icon);
  }
  if (node.kind === 'action') {
    item.command = { command: actionCommands[node.action], title: node.label };
  }
  const place = placeOf(node);
  if (place !== undefined) {
    const { uri, line, character } = place;
    const options: TextDocumentShowOptions = { selection: new Range(line, character, line, character) };
    item.command = { command: 'vscode.open', title: '', arguments: [Uri.parse(uri), options] };
  }
  return item;
}

const { Collapsed, Expanded, None } = TreeItemCollapsibleState;

const collapsibleState = {
  package: Collapsed,
  file: Expanded,
  failures: Collapsed,
  ignores: Collapsed,
  requirement: Collapsed,
  advisory: None,
  failed: None,
  ignored: None,
  action: None,
} as const satisfies Readonly<Record<FindingsNode['kind'], TreeItemCollapsibleState>>;

const actionCommands: Readonly<Record<ActionNode['action'], string>> = {
  scanWorkspace: editorCommands.rescanWorkspace,
  openFolder: 'vscode.openFolder',
  clearFilter: viewCommands.clearFilter,
};

/** What menus go by: `fixable` where a safe version is known. */
function contextValueOf(node: FindingsNode): string {
  switch (node.kind) {
    case 'requirement':
      return node.requirement.fix === undefined ? node.kind : `${node.kind}.fixable`;
    case 'package': {
      const isFixable = node.children.some((child) => contextValueOf(child).endsWith('fixable'));
      return isFixable ? `${node.kind}.fixable` : node.kind;
    }
    default:
      return node.kind;
  }
}

function placeOf(node: FindingsNode): Place | undefined {
  switch (node.kind) {
    case 'requirement':
    case 'advisory':
      return node.requirement;
    case 'failed':
      return node.place;
    case 'ignored':
      return node.ignored;
    default:
      return undefined;
  }
}

function themeIcon({ glyph, colour }: NodeIcon): ThemeIcon {
  return colour === undefined ? new ThemeIcon(glyph) : new ThemeIcon(glyph, new ThemeColor(colours[colour]));
}

const colours = {
  error: 'problemsErrorIcon.foreground',
  warning: 'problemsWarningIcon.foreground',
  info: 'problemsInfoIcon.foreground',
} as const;

function setContext(key: string, value: unknown): void {
  void commands.executeCommand('setContext', key, value);
}

function groupingIn(memory: Memento): TreeWish['grouping'] {
  return memory.get(keys.grouping) === 'file' ? 'file' : 'package';
}

function minimumIn(memory: Memento): MinimumSeverity {
  const kept = memory.get(keys.minimum);
  return minima.find((one) => one === kept) ?? 'none';
}

/** From all to the worst alone. */
export const minima: readonly MinimumSeverity[] = ['none', 'low', 'medium', 'high', 'critical'];
