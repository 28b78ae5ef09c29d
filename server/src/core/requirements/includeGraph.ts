/** One `-r` or `-c` line: which file it is in, which file it names. Files are named by path or URI, one way throughout. */
export interface IncludeEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'include' | 'constraint';
}

/**
 * The constraints files that hold for a file: those that any file leading to it (itself among them) reaches. pip reads all
 * of them before it installs anything, wherever in the tree they are named. Cycles end.
 */
export function constraintFilesOf(file: string, edges: readonly IncludeEdge[]): readonly string[] {
  const leading = reach([file], edges, ({ from, to }, at) => (to === at ? from : undefined));
  const reached = reach([...leading], edges, ({ from, to }, at) => (from === at ? to : undefined));
  const constraints = edges.filter(({ from, kind }) => kind === 'constraint' && reached.has(from));
  return [...new Set(constraints.map(({ to }) => to))].filter((other) => other !== file);
}

/** Every file that one of these leads to by any number of includes, themselves among them. */
export function filesReachedFrom(files: readonly string[], edges: readonly IncludeEdge[]): ReadonlySet<string> {
  return reach(files, edges, ({ from, to }, at) => (from === at ? to : undefined));
}

function reach(
  start: readonly string[],
  edges: readonly IncludeEdge[],
  step: (edge: IncludeEdge, at: string) => string | undefined,
): Set<string> {
  const reached = new Set(start);
  // A set takes what is added while it is walked.
  for (const at of reached) {
    for (const edge of edges) {
      const next = step(edge, at);
      if (next !== undefined) {
        reached.add(next);
      }
    }
  }
  return reached;
}
