import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { Clock } from '../../engine/ports.ts';
import { DiagnosticsMemory } from '../../features/diagnosticsMemory.ts';
import type { Delta } from '../../project/workspace/change.ts';
import type { FileId } from '../../project/fileId.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import type { DeltaTaker } from '../../project/workspace/project.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { DiagnosticAbilities } from '../client/capabilities.ts';
import type { EngineHolder } from '../tasks/engineHolder.ts';
import { Policies } from './policies.ts';

/** Sends the diagnostics of files, each with the version of the text that they are about. The only one who does. */
export class DiagnosticsPublisher implements DeltaTaker {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #abilities: DiagnosticAbilities;
  readonly #workspace: Workspace;
  readonly #engine: EngineHolder;
  readonly #policies: Policies;
  /** What was published of the lines of each file, for those that stay as they are. */
  readonly #memories = new Map<FileId, DiagnosticsMemory>();

  constructor(
    connection: Connection,
    clock: Clock,
    abilities: DiagnosticAbilities,
    workspace: Workspace,
    engine: EngineHolder,
  ) {
    this.#connection = connection;
    this.#clock = clock;
    this.#policies = new Policies(clock);
    this.#abilities = abilities;
    this.#workspace = workspace;
    this.#engine = engine;
  }

  take({ show, clear, stop }: Delta): void {
    clear.forEach((uri) => this.#send(uri, undefined, []));
    for (const file of show) {
      const snapshot = this.#workspace.tracked(file);
      if (snapshot !== undefined) {
        this.#send(snapshot.uri, snapshot.version, this.#diagnosticsOf(snapshot));
      }
    }
    stop.filter((file) => this.#workspace.tracked(file) === undefined).forEach((file) => this.#memories.delete(file));
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
