/** One `-r` or `-c` line: which file it is in, which file it names. Files are named by path or URI, one way throughout. */
export interface IncludeEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'include' | 'constraint';
  /** The part of the file that it is in, where the file has several that are installed apart. */
  readonly part?: FilePart;
}

/** What of a file is installed together: an environment, a group, an extra; perhaps under a condition. */
export interface FilePart {
  readonly scope: string;
  readonly when?: string;
}

/**
 * The constraints files that hold for a file: those that any file including it (itself among them) reaches. pip reads all
 * of them before it installs anything, wherever in the tree they are named. A constraints file is not limited by those that
 * hold beside it: alone it demands nothing. Cycles end.
 */
export function constraintFilesOf(file: string, edges: readonly IncludeEdge[]): readonly string[] {
  return constraintFilesIn(edges)(file);
}

/** `constraintFilesOf` for many files of one graph, which is read once for all of them. */
export function constraintFilesIn(edges: readonly IncludeEdge[]): (file: string) => readonly string[] {
  if (!edges.some(({ kind }) => kind === 'constraint')) {
    return () => [];
  }
  const includes = edges.filter(({ kind }) => kind === 'include');
  const [up, down] = [grouped(includes, ({ to }) => to), grouped(edges, ({ from }) => from)];
  return (file) => {
    const leading = reachIn([file], up, ({ from }) => from);
    const constraints = new Set<string>();
    for (const at of reachIn([...leading], down, ({ to }) => to)) {
      for (const { to, kind } of down.get(at) ?? []) {
        if (kind === 'constraint' && to !== file) {
          constraints.add(to);
        }
      }
    }
    return edges.flatMap(({ to }) => (constraints.delete(to) ? [to] : [])); // in the order of the graph
  };
}

/**
 * Each of these files once, followed by what it includes that was not there before, as deep as there are includes: the order
 * in which pip reads them.
 */
export function includeOrder(files: readonly string[], edges: readonly IncludeEdge[]): readonly string[] {
  const down = grouped(edges, ({ from }) => from);
  const ordered = new Set<string>();
  const stack = [...files].reverse();
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (!ordered.has(at)) {
      ordered.add(at);
      stack.push(...(down.get(at) ?? []).map(({ to }) => to).reverse());
    }
  }
  return [...ordered];
}

/** Every file that one of these leads to by any number of includes, themselves among them. */
export function filesReachedFrom(files: readonly string[], edges: readonly IncludeEdge[]): ReadonlySet<string> {
  return reachIn(
    files,
    grouped(edges, ({ from }) => from),
    ({ to }) => to,
  );
}

/**
 * Tells for some files every file that one of them leads to (`down`), or that leads to one of them (`up`), themselves first. The
 * graph is read once for all that is asked.
 */
export function reachOver(
  edges: readonly IncludeEdge[],
  direction: 'up' | 'down',
): (files: Iterable<string>) => ReadonlySet<string> {
  const isUp = direction === 'up';
  const groups = grouped(edges, ({ from, to }) => (isUp ? to : from));
  return (files) => reachIn([...files], groups, ({ from, to }) => (isUp ? from : to));
}

type Grouped = ReadonlyMap<string, readonly IncludeEdge[]>;

function grouped(edges: readonly IncludeEdge[], key: (edge: IncludeEdge) => string): Grouped {
  const groups = new Map<string, IncludeEdge[]>();
  for (const edge of edges) {
    const group = groups.get(key(edge));
    if (group === undefined) {
      groups.set(key(edge), [edge]);
    } else {
      group.push(edge);
    }
  }
  return groups;
}

function reachIn(start: readonly string[], edges: Grouped, next: (edge: IncludeEdge) => string): Set<string> {
  const reached = new Set(start);
  // A set takes what is added while it is walked.
  for (const at of reached) {
    for (const edge of edges.get(at) ?? []) {
      reached.add(next(edge));
    }
  }
  return reached;
}
