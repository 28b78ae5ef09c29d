import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { Clock } from '../../engine/ports.ts';
import { DiagnosticsMemory } from '../../features/diagnosticsMemory.ts';
import type { Delta } from '../../project/workspace/change.ts';
import { fileId, type FileId } from '../../project/fileId.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import type { DeltaTaker } from '../../project/workspace/project.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { DiagnosticAbilities } from '../client/capabilities.ts';
import type { EngineHolder } from '../tasks/engineHolder.ts';
import type { Environment, Timers } from '../environment.ts';
import { Policies } from './policies.ts';

// A person's keys are further apart; only where edits come faster than they are shown are some left out.
const floodMs = 20;
// Who floods sees something at least this often.
const longestHeldMs = 50;
// The next message of the client is handled a turn after the one before it.
const quietTurns = 2;

/**
 * Sends the diagnostics of files, each with the version of the text that they are about. The only one who does. What the
 * client has already is not sent again, nor, in a flood of edits, what the next one will replace.
 */
export class DiagnosticsPublisher implements DeltaTaker {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #nextTurn: Timers['nextTurn'];
  readonly #abilities: DiagnosticAbilities;
  readonly #workspace: Workspace;
  readonly #engine: EngineHolder;
  readonly #policies: Policies;
  /** What was published of the lines of each file, for those that stay as they are. */
  readonly #memories = new Map<FileId, DiagnosticsMemory>();
  readonly #sent = new Map<FileId, Sent>();
  /** Files whose newest text is still to be shown, by when that was first put off. */
  readonly #held = new Map<FileId, number>();
  /** How many turns have brought no other edit. */
  #quietTurns = 0;

  constructor(
    connection: Connection,
    { clock, timers }: Pick<Environment, 'clock' | 'timers'>,
    abilities: DiagnosticAbilities,
    workspace: Workspace,
    engine: EngineHolder,
  ) {
    this.#connection = connection;
    this.#clock = clock;
    this.#nextTurn = (call) => timers.nextTurn(call);
    this.#policies = new Policies(clock);
    this.#abilities = abilities;
    this.#workspace = workspace;
    this.#engine = engine;
  }

  take({ show, clear, stop }: Delta): void {
    // Opened again, or asked about again: who did so waits for an answer.
    stop.forEach((file) => this.#forgetSent(file));
    for (const uri of clear) {
      this.#held.delete(fileId(uri)); // what was put off is no longer to be shown
      this.#send(uri, undefined, []);
    }
    for (const file of show) {
      const snapshot = this.#workspace.tracked(file);
      if (snapshot !== undefined && this.#isFlooded(snapshot)) {
        this.#hold(file);
      } else if (snapshot !== undefined) {
        this.#show(snapshot);
      }
    }
    const gone = stop.filter((file) => this.#workspace.tracked(file) === undefined);
    gone.forEach((file) => this.#memories.delete(file));
    gone.forEach((file) => this.#sent.delete(file));
  }

  #forgetSent(file: FileId): void {
    const sent = this.#sent.get(file);
    if (sent !== undefined) {
      this.#sent.set(file, { ...sent, diagnostics: undefined });
    }
  }

  #show(snapshot: FileSnapshot): void {
    const { id, uri, version } = snapshot;
    const diagnostics = this.#diagnosticsOf(snapshot);
    const before = this.#sent.get(id);
    const isSame = before?.uri === uri && before.version === version && before.diagnostics === diagnostics;
    if (!isSame) {
      this.#send(uri, version, diagnostics);
    }
    this.#sent.set(id, { uri, version, diagnostics, at: this.#elapsedMs() });
  }

  /** The edit before this one was shown only just now. */
  #isFlooded({ id, version }: FileSnapshot): boolean {
    const before = this.#sent.get(id);
    return before !== undefined && before.version !== version && this.#elapsedMs() - before.at < floodMs;
  }

  #hold(file: FileId): void {
    const isFirst = this.#held.size === 0;
    this.#quietTurns = 0;
    if (!this.#held.has(file)) {
      this.#held.set(file, this.#elapsedMs());
    }
    if (isFirst) {
      this.#nextTurn(() => this.#showHeld());
    }
  }

  #showHeld(): void {
    const longest = this.#elapsedMs() - longestHeldMs;
    const isOver = ++this.#quietTurns >= quietTurns || [...this.#held.values()].some((since) => since <= longest);
    if (isOver) {
      for (const file of [...this.#held.keys()]) {
        const snapshot = this.#workspace.tracked(file);
        this.#held.delete(file);
        if (snapshot !== undefined) {
          this.#show(snapshot);
        }
      }
    } else if (this.#held.size > 0) {
      this.#nextTurn(() => this.#showHeld());
    }
  }

  #elapsedMs(): number {
    return this.#clock.elapsedMs?.() ?? this.#clock.now();
  }

  #send(uri: string, version: number | undefined, diagnostics: readonly Diagnostic[]): void {
    void this.#connection.sendDiagnostics({
      uri,
      ...(version === undefined ? {} : { version }),
      diagnostics: diagnostics.map((one) => asShown(one, this.#abilities)),
    });
  }

  #diagnosticsOf({ id, uri, lines, problems, settings, includedAt }: FileSnapshot): readonly Diagnostic[] {
    const memory = this.#memories.get(id) ?? new DiagnosticsMemory();
    this.#memories.set(id, memory);
    return memory.of(lines, problems, {
      minimumSeverity: settings.minimumSeverity,
      diagnosticSeverity: settings.diagnosticSeverity,
      diagnosticRanges: settings.diagnosticRanges,
      diagnosticGrouping: settings.diagnosticGrouping,
      now: this.#clock.now(),
      uri,
      policy: this.#policies.of(settings, this.#engine.engine),
      includedAt,
    });
  }
}

/** What the client has of a file. */
interface Sent {
  readonly uri: string;
  readonly version: number | undefined;
  /** `undefined` where they are to be sent again in any case. */
  readonly diagnostics: readonly Diagnostic[] | undefined;
  readonly at: number;
}

/** A client gets nothing that it does not know. */
function asShown(diagnostic: Diagnostic, { related, codeDescriptions, data }: DiagnosticAbilities): Diagnostic {
  if (related && codeDescriptions && data) {
    return diagnostic;
  }
  return {
    ...diagnostic,
    ...(related ? {} : { relatedInformation: undefined }),
    ...(codeDescriptions ? {} : { codeDescription: undefined }),
    ...(data ? {} : { data: undefined }),
  };
}
