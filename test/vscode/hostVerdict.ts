/** How a run in the extension host ended, as VS Code tells it and as the tests themselves wrote it down. */
export interface HostRun {
  readonly exit:
    { readonly kind: 'exited'; readonly code: number } | { readonly kind: 'timedOut'; readonly afterMs: number };
  /** Text of the results file; undefined when there is none. */
  readonly results: string | undefined;
}

export interface HostTest {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly error?: string;
}

export interface HostVerdict {
  readonly ok: boolean;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why the run as a whole is no pass; failed tests are in `tests`. */
  readonly problems: readonly string[];
  readonly tests: readonly HostTest[];
}

/**
 * Passed only if VS Code says 0, the results file is there and whole, at least one test ran and none failed.
 * The code alone proves nothing: VS Code reports 0 when the extension host dies.
 */
export function hostVerdict(run: HostRun): HostVerdict {
  const problems: string[] = [];
  if (run.exit.kind === 'timedOut') problems.push(`no end within ${run.exit.afterMs / 1000} s`);
  const tests = run.results === undefined ? undefined : decodeResults(run.results);
  if (run.results === undefined) problems.push('the tests left no results: the extension host ended before they did');
  else if (tests === undefined) problems.push('the results of the tests cannot be read');
  const count = (state: HostTest['state']) => (tests ?? []).filter((test) => test.state === state).length;
  const passed = count('passed');
  const failed = count('failed');
  if (tests !== undefined && passed + failed === 0) problems.push('no test was run');
  if (run.exit.kind === 'exited' && run.exit.code !== 0 && failed === 0) {
    problems.push(`VS Code ended with code ${run.exit.code}`);
  }
  const ok = problems.length === 0 && failed === 0;
  return { ok, passed, failed, skipped: count('skipped'), problems, tests: tests ?? [] };
}

/** Undefined for anything but a whole list of tests, such as a file cut short. */
function decodeResults(text: string): readonly HostTest[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(json) || !Array.isArray(json['tests'])) return undefined;
  const tests = json['tests'].map(decodeTest);
  return tests.every((test) => test !== undefined) ? tests : undefined;
}

function decodeTest(json: unknown): HostTest | undefined {
  if (!isRecord(json)) return undefined;
  const { title, state, error } = json;
  if (typeof title !== 'string' || (state !== 'passed' && state !== 'failed' && state !== 'skipped')) return undefined;
  return { title, state, ...(typeof error === 'string' ? { error } : {}) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
