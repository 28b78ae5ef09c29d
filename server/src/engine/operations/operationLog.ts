import { type MeasuredScan, ScanBaselines, type SlowScan } from './scanBaselines.ts';
import { decodeTally, type Measured, type OperationTally, tallied } from './operationTally.ts';

/** Tallies by the name of the operation. */
export type Operations = ReadonlyMap<string, OperationTally>;

/** Every operation of all sessions of a workspace: of the whole, and of each of its projects. */
export class OperationLog {
  #since: number;
  readonly #all = new Map<string, OperationTally>();
  readonly #projects = new Map<string, Map<string, OperationTally>>();
  readonly #baselines = new ScanBaselines();

  /** `since`: when the first session began, milliseconds since the epoch. */
  constructor(since: number) {
    this.#since = since;
  }

  get since(): number {
    return this.#since;
  }

  get all(): Operations {
    return this.#all;
  }

  get projects(): ReadonlyMap<string, Operations> {
    return this.#projects;
  }

  record(operation: string, measured: Measured, projects: readonly string[] = []): void {
    add(this.#all, operation, measured);
    for (const project of projects) {
      const own = this.#projects.get(project) ?? new Map<string, OperationTally>();
      if (own.size > 0 || this.#projects.size < mostProjects) {
        this.#projects.set(project, own);
        add(own, operation, measured);
      }
    }
  }

  /** What a scan is by those before it, where it is slow; it counts for those after it. */
  judge(scan: MeasuredScan): SlowScan | undefined {
    return this.#baselines.judge(scan);
  }

  encode(): string {
    const plain = (operations: Operations): object => Object.fromEntries(operations);
    const projects = Object.fromEntries([...this.#projects].map(([project, own]) => [project, plain(own)]));
    const [operations, baselines] = [plain(this.#all), this.#baselines.encode()];
    return JSON.stringify({ version: 1, since: this.#since, operations, projects, baselines });
  }

  /** Takes what former sessions kept, before anything was recorded. What cannot be read counts as nothing. */
  restore(text: string): void {
    const kept = objectOf(parsed(text));
    if (kept['version'] !== 1 || typeof kept['since'] !== 'number') {
      return;
    }
    this.#since = Math.min(this.#since, kept['since']);
    restoreInto(this.#all, kept['operations']);
    this.#baselines.restore(kept['baselines']);
    for (const [project, operations] of Object.entries(objectOf(kept['projects'])).slice(0, mostProjects)) {
      const own = new Map<string, OperationTally>();
      restoreInto(own, operations);
      this.#projects.set(project, own);
    }
  }
}

// A file of statistics stays small.
const mostOperations = 100;
const mostProjects = 100;

function add(operations: Map<string, OperationTally>, name: string, measured: Measured): void {
  const before = operations.get(name);
  if (before !== undefined || operations.size < mostOperations) {
    operations.set(name, tallied(before, measured));
  }
}

function restoreInto(operations: Map<string, OperationTally>, kept: unknown): void {
  for (const [name, value] of Object.entries(objectOf(kept)).slice(0, mostOperations)) {
    const tally = decodeTally(value);
    if (tally !== undefined) {
      operations.set(name, tally);
    }
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
