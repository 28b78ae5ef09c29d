/**
 * PEP 440 order a second time and another way, for tests only: the regular expression of the PEP with named groups,
 * whole numbers as bigints, tuples compared element by element. Around it, as OSV has it: `0` comes first, then what is
 * no version (all alike here: no version tells them apart), then versions.
 */
export function createNaiveOrder(): (a: string, b: string) => number {
  const known = new Map<string, readonly Element[]>();
  const remembered = (text: string): readonly Element[] => {
    const elements = known.get(text) ?? (text === '0' ? [0n] : [1n, ...(tuple(text) ?? [])]);
    known.set(text, elements);
    return elements;
  };
  return (a, b) => compareTuples(remembered(a), remembered(b));
}

type Element = bigint | string | readonly Element[];

function tuple(text: string): readonly Element[] | undefined {
  const groups =
    /^v?((?<epoch>\d+)!)?(?<release>\d+(\.\d+)*)([-_.]?(?<pre>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?<preN>\d+)?)?((-(?<post1>\d+))|([-_.]?(?<post>post|rev|r)[-_.]?(?<post2>\d+)?))?([-_.]?(?<dev>dev)[-_.]?(?<devN>\d+)?)?(\+(?<local>[a-z0-9]+([-_.][a-z0-9]+)*))?$/.exec(
      text.trim().toLowerCase(),
    )?.groups;
  if (groups?.['release'] === undefined) {
    return undefined;
  }
  const { epoch, release, pre, preN, post1, post, post2, dev, devN, local } = groups;
  const numbers = release.split('.').map(BigInt);
  while (numbers.length > 1 && numbers.at(-1) === 0n) {
    numbers.pop();
  }
  const hasPost = post1 !== undefined || post !== undefined;
  const phase =
    pre === undefined ? (dev !== undefined && !hasPost ? 0n : 4n) : BigInt('abrcp'.indexOf(pre.charAt(0)) + 1);
  return [
    BigInt(epoch ?? 0),
    numbers,
    // c, rc, pre and preview are one phase.
    phase > 3n && pre !== undefined ? 3n : phase,
    BigInt(preN ?? 0),
    hasPost ? BigInt(post1 ?? post2 ?? 0) : -1n,
    dev === undefined ? 1n : 0n,
    BigInt(devN ?? 0),
    local === undefined
      ? []
      : local.split(/[-_.]/).map((part) => (/^\d+$/.test(part) ? [1n, BigInt(part)] : [0n, part])),
  ];
}

function compareTuples(a: readonly Element[], b: readonly Element[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const [left, right] = [a[index], b[index]];
    if (Array.isArray(left) && Array.isArray(right)) {
      const difference = compareTuples(left as readonly Element[], right as readonly Element[]);
      if (difference !== 0) {
        return difference;
      }
    } else if (left !== right && left !== undefined && right !== undefined) {
      return left < right ? -1 : 1;
    }
  }
  return Math.sign(a.length - b.length);
}
