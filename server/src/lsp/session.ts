import type { Connection } from 'vscode-languageserver';
import { defaultSettings } from '../../../protocol/settings.ts';
import type { Words } from '../core/words/words.ts';
import { Project } from '../project/workspace/project.ts';
import type { SettingsSnapshot } from '../project/workspace/settingsSnapshot.ts';
import { Workspace } from '../project/workspace/workspace.ts';
import type { ClientAbilities } from './client/capabilities.ts';
import { editApplier, type ApplyEdit } from './client/applyEdit.ts';
import { noProgress, Progress } from './client/progress.ts';
import type { ClientAccess, Environment } from './environment.ts';
import type { Own } from './guard.ts';
import { DataAge } from './publish/dataAge.ts';
import { DiagnosticsPublisher } from './publish/diagnosticsPublisher.ts';
import { FindingsFeed } from './publish/findingsFeed.ts';
import { IgnoreRemarks } from './publish/ignoreRemarks.ts';
import { Refresher } from './publish/refresher.ts';
import { StatusPublisher } from './publish/statusPublisher.ts';
import { ConfigReading } from './tasks/configReading.ts';
import { AnswerReset } from './tasks/answerReset.ts';
import { CompletionLookups } from './tasks/completionLookups.ts';
import { DiskFollower } from './tasks/diskFollower.ts';
import { EditFloods } from './tasks/pacing/editFloods.ts';
import { EngineHolder } from './tasks/engineHolder.ts';
import { FolderSearch } from './tasks/folderSearch.ts';
import { IdleMemoryCompactor } from './upkeep/idleMemoryCompactor.ts';
import { IgnoreReading } from './tasks/ignoreReading.ts';
import { IgnoreTable } from './tasks/ignoreTable.ts';
import { IncludeLinker } from './tasks/includeLinker.ts';
import { PolicyRequests } from './tasks/policyRequests.ts';
import { Raises } from './tasks/raises.ts';
import { LockStore } from './tasks/lockStore.ts';
import { LookupRunner, type Shell } from './tasks/lookupRunner.ts';
import { KeyTimes } from './upkeep/keyTimes.ts';
import { MemoryGuard } from './upkeep/memoryGuard.ts';
import { OperationRecorder } from './upkeep/operationRecorder.ts';
import { OfflineQueueRunner } from './upkeep/offlineQueueRunner.ts';
import { Openings } from './tasks/pacing/openings.ts';
import { SessionKnowledge } from './tasks/sessionKnowledge.ts';
import { SettingsAdoption } from './tasks/settingsAdoption.ts';
import { WaitingFiles } from './tasks/pacing/waitingFiles.ts';
import { WorkspaceChecks } from './tasks/workspaceChecks.ts';
import { WorkspaceReader } from './tasks/workspaceReader.ts';

/** What a client says of itself when it begins. */
export interface SessionStart {
  readonly abilities: ClientAbilities;
  readonly access: ClientAccess;
  /** `undefined`: they are still to come, and nothing is asked before. */
  readonly settings: SettingsSnapshot | undefined;
  readonly folders: readonly string[];
  /** Whether what the workspace's files say is ignored holds. */
  readonly isTrusted: boolean;
  /** The workspace is to be searched as soon as the settings are known. */
  readonly searches: boolean;
  /** The client wants to be told of every finding, whenever they change. */
  readonly wantsFindings: boolean;
  /** What the client's user reads. */
  readonly words: Words;
}

/** All that serves one client; a handler takes of it what it needs. */
export type Session = ReturnType<typeof createSession>;

/** Puts together what serves one client: the workspace, who works for it, and who tells the client of it. */
export function createSession(connection: Connection, environment: Environment, own: Own, start: SessionStart) {
  const { timers, clock, files } = environment;
  const { abilities, settings, words } = start;
  const log = connection.console;
  const closing = new AbortController();
  const { scans } = environment;
  const newId = (): string => environment.newId();
  const shell: Shell = { timers, clock, own, log, scans, newId, closing: closing.signal };

  const initial = settings ?? { window: defaultSettings, folders: [] };
  const engine = new EngineHolder(environment, log, start.access, initial.window);
  const ignores = new IgnoreTable();
  const locks = new LockStore(files.createLockReader(log));
  const knowledge = new SessionKnowledge(engine, ignores, locks);
  // What the folders say about themselves is still to be read: it may say which names are private.
  const workspace = new Workspace(knowledge, initial, settings !== undefined && start.folders.length === 0);
  const project = new Project(workspace, clock);

  const scanner = () => engine.engine.scanner;
  const giveBackMemory = (): void => environment.giveBackMemory();
  const memory = () => environment.memoryFigures();
  const guard = new MemoryGuard({ clock, log, scanner, memory, giveBackMemory });
  const compactor = new IdleMemoryCompactor({ clock, timers, scanner, giveBackMemory });
  const openings = new Openings(timers, clock, closing.signal);
  const floods = new EditFloods(timers, clock);
  const queue = new OfflineQueueRunner(engine, workspace, guard, { files, log, signal: closing.signal });
  const progress = abilities.workDoneProgress ? new Progress(connection, timers, words) : noProgress;
  const recorder = new OperationRecorder(clock, environment.statisticsFile(start.access), log);
  const waiting = new WaitingFiles(timers);
  const runner = new LookupRunner(project, engine, waiting, { queue, compactor, guard, recorder }, progress, shell);
  const reader = new WorkspaceReader(project, files, log);
  const linker = new IncludeLinker(project, reader, locks, runner, shell);
  const ignoreReading = new IgnoreReading(ignores, project, environment, shell);
  const configs = new ConfigReading(environment, start.isTrusted);
  const decisions = { ignores: ignoreReading, locks, configs };
  const disk = new DiskFollower(project, reader, linker, decisions, shell, abilities.watchedFiles);
  const settingsAdoption = new SettingsAdoption(project, engine, { linker, disk, queue, configs }, shell);
  const checks = new WorkspaceChecks(project, engine, ignoreReading, { linker, runner }, settingsAdoption, clock);
  const folders = new FolderSearch(project, queue, decisions, checks, shell, start.searches);
  const answers = new AnswerReset(project, engine, runner, settingsAdoption, progress, shell);
  const policyRequests = new PolicyRequests(shell, engine, project);
  const completions = new CompletionLookups(environment, engine, workspace, settingsAdoption);
  const raises = new Raises(environment, engine, locks, workspace, closing.signal);
  const applyEdit: ApplyEdit = editApplier(connection, timers);

  const age = new DataAge(engine, workspace, clock);
  const keys = new KeyTimes(clock);
  const diagnostics = new DiagnosticsPublisher(withKeyTimes(connection, keys), environment, abilities.diagnostics, {
    workspace,
    engine,
    ignores,
  });
  const status = new StatusPublisher(connection, timers, project, engine, age);
  const findings = new FindingsFeed(connection, timers, workspace, age);
  const remarks = new IgnoreRemarks(connection, environment, workspace, ignores);
  const refresher = new Refresher(connection, timers, abilities);

  ignores.setTrusted(start.isTrusted);
  // Nothing is sent before the client has the answer to its first request.
  project.addTaker(waiting);
  folders.take(start.folders);
  [ignoreReading, diagnostics, status, remarks, refresher, policyRequests].forEach((taker) => project.addTaker(taker));
  if (start.wantsFindings) {
    project.addTaker(findings);
  }

  const dispose = async (): Promise<void> => {
    closing.abort();
    [disk, compactor, status, findings, remarks, refresher, policyRequests, completions, waiting].forEach((part) =>
      part.dispose(),
    );
    await Promise.all([recorder.keep(), engine.engine.close()]);
  };

  return {
    workspace,
    project,
    openings,
    floods,
    engine,
    ignores,
    ignoreReading,
    configs,
    locks,
    guard,
    compactor,
    recorder,
    keys,
    runner,
    reader,
    linker,
    disk,
    settings: settingsAdoption,
    checks,
    folders,
    answers,
    completions,
    raises,
    policyRequests,
    applyEdit,
    age,
    abilities,
    words,
    shell,
    dispose,
  };
}

/** The connection, where it is counted when diagnostics are on their way. */
function withKeyTimes(connection: Connection, keys: KeyTimes): Pick<Connection, 'sendDiagnostics'> {
  return {
    sendDiagnostics: (params) => {
      const sent = connection.sendDiagnostics(params);
      if (keys.awaits(params.uri)) {
        void sent.then(() => keys.shown(params.uri));
      }
      return sent;
    },
  };
}
