import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { Clock } from '../../engine/ports.ts';
import type { DiagnosticOptions } from '../../features/diagnostics/diagnostics.ts';
import { DiagnosticsMemory } from '../../features/diagnostics/diagnosticsMemory.ts';
import type { Delta } from '../../project/workspace/changes/change.ts';
import { fileId, type FileId } from '../../project/fileId.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import type { DeltaTaker } from '../../project/workspace/project.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { DiagnosticAbilities } from '../client/capabilities.ts';
import type { EngineHolder } from '../tasks/engineHolder.ts';
import type { IgnoreTable } from '../tasks/ignoreTable.ts';
import type { Environment, Timers } from '../environment.ts';
import { Policies } from './policies.ts';

// A key that is alone is shown in its own turn. The next message of the client is handled a turn after the one before it.
const quietTurns = 2;
// Who floods sees something at least this often, as far as the client takes it.
const longestHeldMs = 50;
// The change that made the news has gone through all lines already: that is most of a frame.
const manyLines = 2_500;
// With what else happens in a turn, less than a frame of the editor.
const sliceMs = 6;

/**
 * Sends the diagnostics of files, each with the version of the text that they are about. The only one who does. What the
 * client has already is not sent again. Where edits pile up, those are skipped which others follow at once, or which would
 * only wait behind what the client has not taken yet.
 */
export class DiagnosticsPublisher implements DeltaTaker {
  readonly #connection: Pick<Connection, 'sendDiagnostics'>;
  readonly #clock: Clock;
  readonly #nextTurn: Timers['nextTurn'];
  readonly #abilities: DiagnosticAbilities;
  readonly #workspace: Workspace;
  readonly #engine: EngineHolder;
  readonly #ignores: IgnoreTable;
  readonly #policies: Policies;
  /** What was published of the lines of each file, for those that stay as they are. */
  readonly #memories = new Map<FileId, DiagnosticsMemory>();
  readonly #sent = new Map<FileId, Sent>();
  /** Files whose newest text is still to be shown, by when that was first put off. */
  readonly #held = new Map<FileId, number>();
  /** Files of which much is news, whose lines are put into words a slice a turn; those that are, are to be shown. */
  readonly #wording = new Map<FileId, 'inProgress' | 'done'>();
  #waitsForWords = false;
  /** How many more turns are to bring no other edit until what is held is shown. */
  #turnsLeft = 0;
  #waitsForTurn = false;
  /** How much of what was sent is not on its way yet. */
  #unsent = 0;

  constructor(
    connection: Pick<Connection, 'sendDiagnostics'>,
    { clock, timers }: Pick<Environment, 'clock' | 'timers'>,
    abilities: DiagnosticAbilities,
    { workspace, engine, ignores }: PublisherParts,
  ) {
    this.#connection = connection;
    this.#clock = clock;
    this.#nextTurn = (call) => timers.nextTurn(call);
    this.#policies = new Policies(clock);
    this.#abilities = abilities;
    this.#workspace = workspace;
    this.#engine = engine;
    this.#ignores = ignores;
  }

  take({ show, clear, stop }: Delta): void {
    // Opened again, or asked about again: who did so waits for an answer.
    stop.forEach((file) => this.#forgetSent(file));
    for (const uri of clear) {
      this.#held.delete(fileId(uri)); // what was put off is no longer to be shown
      this.#wording.delete(fileId(uri));
      void this.#send(uri, undefined, []);
    }
    for (const file of show) {
      if (this.#isFlooded(file) && this.#isNewVersion(file)) {
        this.#hold(file);
      } else if (this.#hasMuchToSay(file) && !this.#isNewVersion(file)) {
        this.#wording.set(file, 'inProgress');
        this.#awaitWords();
      } else {
        this.#show(file);
      }
    }
    const gone = stop.filter((file) => this.#workspace.tracked(file) === undefined);
    gone.forEach((file) => this.#memories.delete(file));
    gone.forEach((file) => this.#wording.delete(file));
    gone.forEach((file) => this.#sent.delete(file));
  }

  takeVersion(file: FileId, version: number): void {
    const sent = this.#sent.get(file);
    if (this.#isFlooded(file)) {
      this.#hold(file);
    } else if (sent?.diagnostics === undefined || sent.tellsAge) {
      this.#show(file);
    } else {
      this.#publish(file, { ...sent, version });
    }
  }

  #forgetSent(file: FileId): void {
    const sent = this.#sent.get(file);
    if (sent !== undefined) {
      this.#sent.set(file, { ...sent, diagnostics: undefined });
    }
  }

  #hasMuchToSay(file: FileId): boolean {
    const lines = this.#workspace.tracked(file)?.lines ?? [];
    return lines.length > manyLines || this.#memoryOf(file).hasMuchToSay(lines);
  }

  #awaitWords(): void {
    if (this.#wording.size > 0 && !this.#waitsForWords) {
      this.#waitsForWords = true;
      this.#nextTurn(() => this.#putIntoWords());
    }
  }

  /** A slice of one file; what is done is shown in a turn of its own. */
  #putIntoWords(): void {
    this.#waitsForWords = false;
    const [next] = this.#wording;
    if (next === undefined) {
      return;
    }
    const [file, state] = next;
    const snapshot = this.#workspace.tracked(file);
    if (snapshot === undefined || state === 'done') {
      this.#wording.delete(file);
      this.#show(file);
    } else {
      const since = this.#elapsedMs();
      const isOver = (): boolean => this.#elapsedMs() - since >= sliceMs;
      const isDone = this.#memoryOf(file).prepare(snapshot.lines, this.#optionsFor(snapshot), isOver);
      this.#wording.set(file, isDone ? 'done' : 'inProgress');
    }
    this.#awaitWords();
  }

  #memoryOf(file: FileId): DiagnosticsMemory {
    const memory = this.#memories.get(file) ?? new DiagnosticsMemory();
    this.#memories.set(file, memory);
    return memory;
  }

  #show(file: FileId): void {
    this.#wording.delete(file);
    const snapshot = this.#workspace.tracked(file);
    if (snapshot === undefined) {
      return;
    }
    const { uri, version } = snapshot;
    const memory = this.#memoryOf(file);
    const diagnostics = memory.of(snapshot.lines, snapshot.problems, this.#optionsFor(snapshot));
    const before = this.#sent.get(file);
    const isSame = before?.uri === uri && before.version === version && areAlike(before.diagnostics, diagnostics);
    const shown = before?.diagnostics === diagnostics ? before.shown : asShown(diagnostics, this.#abilities);
    const sent = { uri, version, diagnostics, shown, tellsAge: memory.tellsAge };
    if (isSame) {
      this.#sent.set(file, sent);
    } else {
      this.#publish(file, sent);
    }
  }

  #publish(file: FileId, sent: Sent): void {
    this.#sent.set(file, sent);
    this.#unsent++;
    void this.#send(sent.uri, sent.version, sent.shown).then(() => {
      this.#unsent--;
      this.#awaitTurn();
    });
    this.#turnsLeft = quietTurns;
    this.#awaitTurn();
  }

  /** Another edit was shown in the turn before, or is held still, or the client is behind. */
  #isFlooded(file: FileId): boolean {
    return this.#turnsLeft === quietTurns || this.#held.has(file) || this.#unsent > 0;
  }

  /** What is news of a version that is shown is shown at once. */
  #isNewVersion(file: FileId): boolean {
    const sent = this.#sent.get(file);
    return sent !== undefined && sent.version !== this.#workspace.tracked(file)?.version;
  }

  #hold(file: FileId): void {
    if (!this.#held.has(file)) {
      this.#held.set(file, this.#elapsedMs());
    }
    this.#turnsLeft = quietTurns;
    this.#awaitTurn();
  }

  /** While the client is behind, nothing is to be done until it is not. */
  #awaitTurn(): void {
    const isBusy = this.#turnsLeft > 0 || this.#held.size > 0;
    if (isBusy && this.#unsent === 0 && !this.#waitsForTurn) {
      this.#waitsForTurn = true;
      this.#nextTurn(() => this.#turn());
    }
  }

  #turn(): void {
    this.#waitsForTurn = false;
    this.#turnsLeft = Math.max(0, this.#turnsLeft - 1);
    const isOver = this.#turnsLeft === 0 || this.#isHeldTooLong;
    if (this.#held.size > 0 && isOver && this.#unsent === 0) {
      const held = [...this.#held.keys()];
      this.#held.clear();
      held.forEach((file) => this.#show(file));
    }
    this.#awaitTurn();
  }

  get #isHeldTooLong(): boolean {
    const [first] = this.#held.values();
    return first !== undefined && this.#elapsedMs() - first >= longestHeldMs;
  }

  #elapsedMs(): number {
    return this.#clock.elapsedMs?.() ?? this.#clock.now();
  }

  /** Resolves once it is on its way. */
  #send(uri: string, version: number | undefined, diagnostics: Diagnostic[]): Promise<void> {
    return this.#connection.sendDiagnostics({ uri, ...(version === undefined ? {} : { version }), diagnostics });
  }

  #optionsFor(file: FileSnapshot): DiagnosticOptions {
    const { id, uri, settings, includedAt, declaredAt } = file;
    const lists = this.#ignores.sourcesFor(id).map(({ list }) => list);
    return {
      minimumSeverity: settings.minimumSeverity,
      diagnosticSeverity: settings.diagnosticSeverity,
      diagnosticRanges: settings.diagnosticRanges,
      diagnosticGrouping: settings.diagnosticGrouping,
      now: this.#clock.now(),
      uri,
      policy: this.#policies.of(file, this.#engine.engine, lists),
      beside: this.#abilities.beside,
      includedAt,
      declaredAt,
    };
  }
}

interface PublisherParts {
  readonly workspace: Workspace;
  readonly engine: EngineHolder;
  readonly ignores: IgnoreTable;
}

/** A client would see no difference: so it is where a check again finds what is known. */
function areAlike(before: readonly Diagnostic[] | undefined, now: readonly Diagnostic[]): boolean {
  return (
    before === now ||
    (before?.length === now.length &&
      now.every((one, index) => one === before[index] || JSON.stringify(one) === JSON.stringify(before[index])))
  );
}

/** What the client has of a file. */
interface Sent {
  readonly uri: string;
  readonly version: number | undefined;
  /** `undefined` where they are to be sent again in any case. */
  readonly diagnostics: readonly Diagnostic[] | undefined;
  /** The same as the client gets them. */
  readonly shown: Diagnostic[];
  /** Their words are others in a minute. */
  readonly tellsAge: boolean;
}

/** A client gets nothing that it does not know. */
function asShown(
  diagnostics: readonly Diagnostic[],
  { related, codeDescriptions, data }: DiagnosticAbilities,
): Diagnostic[] {
  const knowsAll = related && codeDescriptions && data;
  return diagnostics.map((diagnostic) =>
    knowsAll
      ? diagnostic
      : {
          ...diagnostic,
          ...(related ? {} : { relatedInformation: undefined }),
          ...(codeDescriptions ? {} : { codeDescription: undefined }),
          ...(data ? {} : { data: undefined }),
        },
  );
}
