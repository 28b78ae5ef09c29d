/** The offsets at which lines begin as LSP counts them: after `\n`, `\r\n` and `\r`. */
export function findLineStarts(text: string): Int32Array {
  const starts = [0];
  let feed = text.indexOf('\n');
  let carriageReturn = text.indexOf('\r');
  while (feed >= 0 || carriageReturn >= 0) {
    const atReturn = carriageReturn >= 0 && (feed < 0 || carriageReturn < feed);
    const isPair = atReturn && feed === carriageReturn + 1;
    const next = atReturn && !isPair ? carriageReturn + 1 : feed + 1;
    starts.push(next);
    if (atReturn) carriageReturn = text.indexOf('\r', next);
    if (!atReturn || isPair) feed = text.indexOf('\n', next);
  }
  return Int32Array.from(starts);
}

/** The index of the last entry of an ascending list that is at most `value`; 0 where none is. */
export function lastAtOrBefore(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle;
    else high = middle;
  }
  return low;
}

/** How many entries of an ascending list are below `value`. */
export function countBelow(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
