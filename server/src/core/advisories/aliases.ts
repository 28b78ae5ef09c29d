import type { Advisory } from './advisory.ts';

/** A record that OSV matched; without `advisory` where its details could not be had. */
export interface MatchedRecord {
  readonly id: string;
  readonly advisory?: Advisory | undefined;
}

/** Records that are about the same thing. */
export interface AliasGroup {
  /** Each once, ascending by id. */
  readonly records: readonly MatchedRecord[];
  /** Every id and alias of the group, ascending. */
  readonly ids: readonly string[];
}

/** Joins records that share an id or an alias, also by way of others. In ascending order of their first records. */
export function groupByAlias(matches: readonly MatchedRecord[]): readonly AliasGroup[] {
  const records = uniqueRecords(matches);
  const parents = new Map<string, string>();
  for (const record of records) {
    for (const id of idsOf(record)) {
      join(parents, record.id, id);
    }
  }
  const groups = new Map<string, { records: MatchedRecord[]; ids: Set<string> }>();
  for (const record of records) {
    const root = rootOf(parents, record.id);
    const group = groups.get(root) ?? { records: [], ids: new Set() };
    group.records.push(record);
    for (const id of idsOf(record)) {
      group.ids.add(id);
    }
    groups.set(root, group);
  }
  return [...groups.values()].map((group) => ({ records: group.records, ids: [...group.ids].sort() }));
}

/** One record an id; details win over none. */
function uniqueRecords(matches: readonly MatchedRecord[]): readonly MatchedRecord[] {
  const byId = new Map<string, MatchedRecord>();
  for (const match of matches) {
    if (byId.get(match.id)?.advisory === undefined) {
      byId.set(match.id, match);
    }
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function idsOf({ id, advisory }: MatchedRecord): readonly string[] {
  return advisory === undefined ? [id] : [id, advisory.id, ...advisory.aliases];
}

function join(parents: Map<string, string>, a: string, b: string): void {
  const rootA = rootOf(parents, a);
  const rootB = rootOf(parents, b);
  if (rootA !== rootB) {
    parents.set(rootB, rootA);
  }
}

function rootOf(parents: Map<string, string>, id: string): string {
  let root = id;
  for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) {
    root = parent;
  }
  // Each id then points straight at its root, so that long chains are walked once only.
  for (let step = id; step !== root;) {
    const parent = parents.get(step) ?? root;
    parents.set(step, root);
    step = parent;
  }
  return root;
}
