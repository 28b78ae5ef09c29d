/** OSV's `modified_id.csv`: `<modified>,<ID>` a line, newest first. The stamps are opaque. */
export interface ChangeList {
  readonly stamps: ReadonlyMap<string, string>;
  /** Lines that make no sense. */
  readonly badLines: number;
}

/** Of a record that is here. */
export interface Stamp {
  readonly id: string;
  readonly modified: string;
  /** As OSV listed it. */
  readonly listed: string | undefined;
  readonly isWhole: boolean;
}

export function parseChangeList(csv: string): ChangeList {
  const stamps = new Map<string, string>();
  let badLines = 0;
  for (const line of csv.split('\n')) {
    const match = /^([^,\s]+),([A-Za-z0-9][\w.:@+-]{0,99})\r?$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) {
      stamps.set(match[2], stamps.get(match[2]) ?? match[1]);
    } else if (line.trim() !== '') {
      badLines++;
    }
  }
  return { stamps, badLines };
}

/**
 * Ids whose record is missing here, could be read in part only or has another stamp, oldest first. The whole list is compared, and only for equality:
 * it does not end at the first known line, since stamps may lie in the future, where they would hide all that follows,
 * and may move back.
 */
export function changedIds({ stamps }: ChangeList, present: Iterable<Stamp>): readonly string[] {
  const changed = new Set([...stamps.keys()].reverse());
  for (const { id, modified, listed, isWhole } of present) {
    const stamp = stamps.get(id);
    if (isWhole && stamp !== undefined && (stamp === listed || isSameInstant(stamp, modified))) {
      changed.delete(id);
    }
  }
  return [...changed];
}

/** The list and the records may differ in digits of a second. */
function isSameInstant(a: string, b: string): boolean {
  return a === b || Date.parse(a) === Date.parse(b);
}
