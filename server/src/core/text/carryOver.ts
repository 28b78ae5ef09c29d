/**
 * Makes something of each entry of a list that was made from another list before. `make` is given what was made of the
 * same entry, for as long as the two lists agree from the beginning and from the end: an edit changes what is between.
 * Where everything is the same thing as before, so is the list.
 */
export function carryOver<Entry, Made>(
  before: { readonly entries: readonly Entry[]; readonly made: readonly Made[] },
  entries: readonly Entry[],
  isSame: (a: Entry, b: Entry) => boolean,
  make: (entry: Entry, index: number, previous: Made | undefined) => Made,
): readonly Made[] {
  const shift = before.entries.length - entries.length;
  const shorter = Math.min(before.entries.length, entries.length);
  const agree = (index: number, other: number): boolean => {
    const entry = entries[index];
    const earlier = before.entries[other];
    return entry !== undefined && earlier !== undefined && isSame(earlier, entry);
  };
  let head = before.entries === entries ? shorter : 0;
  while (head < shorter && agree(head, head)) head++;
  let tail = entries.length;
  while (tail > head && tail + shift > head && agree(tail - 1, tail - 1 + shift)) tail--;
  let isUnchanged = shift === 0;
  const made = entries.map((entry, index) => {
    const previous = index < head ? before.made[index] : index >= tail ? before.made[index + shift] : undefined;
    const result = make(entry, index, previous);
    isUnchanged &&= result === previous;
    return result;
  });
  return isUnchanged ? before.made : made;
}

/** Whether two lists have the very same entries. */
export function haveSameEntries(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((entry, index) => entry === b[index]));
}
