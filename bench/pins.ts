import { assessmentTarget } from '../server/src/core/assessment/assessmentTarget.ts';
import { pipKind } from '../server/src/core/manifests/pip/pipManifest.ts';
import { lastAtOrBefore } from '../server/src/core/text/lineIndex.ts';
import { readCorpus, readRows } from './corpus.ts';

interface ExpectedItem {
  readonly k: string;
  readonly s: number;
  readonly ls?: number;
  readonly norm?: string;
  readonly specs?: readonly string[];
  readonly extras?: readonly string[];
  readonly marker?: string;
  readonly hashes?: readonly string[];
  readonly url?: string;
  readonly m?: Partial<ExpectedItem>;
}

/** Of the exact pins of the corpus (one `==` without wildcard), how many get the right name and version, and how many a wrong one. */
export function benchPins(): void {
  const files = readCorpus();
  const expected = readRows('expected.jsonl.gz') as
    readonly { readonly id: string; readonly items?: readonly ExpectedItem[] }[] | undefined;
  if (files === undefined || expected === undefined) {
    return;
  }
  const texts = new Map(files.map(({ id, text }) => [id, text]));
  const count = { plain: 0, plainRight: 0, decorated: 0, decoratedRight: 0, wrong: 0 };
  for (const { id, items = [] } of expected) {
    const text = texts.get(id);
    if (text === undefined) {
      continue;
    }
    const found = pinsByLine(text);
    for (const item of items.map((one) => ({ ...one, ...one.m }))) {
      const pin = exactPin(item);
      const got = found.get(item.ls ?? item.s);
      if (pin === undefined) {
        continue;
      }
      const isPlain = (item.extras ?? []).length + (item.hashes ?? []).length === 0 && item.marker === undefined;
      const isRight = got?.includes(pin) === true;
      count[isPlain ? 'plain' : 'decorated']++;
      count[isPlain ? 'plainRight' : 'decoratedRight'] += isRight ? 1 : 0;
      count.wrong += got !== undefined && !isRight ? 1 : 0;
    }
  }
  console.log(
    `exact pins with the right name and version: plain ${count.plainRight} of ${count.plain}, ` +
      `with marker, extras or hashes ${count.decoratedRight} of ${count.decorated}; wrong versions ${count.wrong}`,
  );
}

function exactPin({ k, norm, specs, url }: ExpectedItem): string | undefined {
  const [spec, ...more] = specs ?? [];
  const version = /^==(?!=)([^*]+)$/u.exec(spec ?? '')?.[1];
  return k === 'requirement' && url === undefined && more.length === 0 && version !== undefined
    ? `${norm}==${version}`
    : undefined;
}

/** `name==version` as written, by 1-based line of its logical line's start. */
function pinsByLine(text: string): ReadonlyMap<number, readonly string[]> {
  const file = pipKind.parse(text);
  const pins = new Map<number, readonly string[]>();
  file.entries.forEach((_, index) => {
    const target = assessmentTarget(file.contentOf(index), () => false);
    if (target?.kind === 'pin') {
      const line = lastAtOrBefore(file.lineStarts, file.starts[index] ?? 0) + 1;
      pins.set(line, [...(pins.get(line) ?? []), `${target.pin.name}==${target.version}`]);
    }
  });
  return pins;
}
