import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { manyRecords } from './manyPins.ts';

const shared = process.env['PINWATCH_SHARED'] ?? path.resolve(import.meta.dirname, '../../shared');

export interface RealPins {
  /** Where they come from, for the heading. */
  readonly title: string;
  /** For the stand-in: files, or a list of records. */
  readonly records: readonly (string | readonly Record<string, unknown>[])[];
  /** Packages with their most vulnerable version, those with the most advisories first. */
  readonly vulnerable: readonly { readonly line: string; readonly advisories: number }[];
}

interface OsvRecord {
  readonly withdrawn?: string;
  readonly affected?: readonly {
    readonly package?: { readonly name?: string };
    readonly versions?: readonly string[];
  }[];
}

/**
 * Pins of the real records beside the repository. Without these, of made-up ones with sizes like theirs: half of the
 * packages have one advisory, one in ten has more than 8, and the longest history has 400.
 */
export function realPins(): RealPins {
  const files = ['records.jsonl.gz', 'derived-ghsa.jsonl.gz'].map((name) => path.join(shared, 'osv-pypi', name));
  if (!files.every(existsSync)) {
    return madeUp();
  }
  const packages = new Map<string, { advisories: number; readonly versions: Map<string, number> }>();
  for (const file of files) {
    for (const line of gunzipSync(readFileSync(file)).toString().trim().split('\n')) {
      const { affected = [], withdrawn } = JSON.parse(line) as OsvRecord; // as OSV writes them
      for (const { package: of, versions = [] } of withdrawn === undefined ? affected : []) {
        const entry = packages.get(of?.name ?? '') ?? { advisories: 0, versions: new Map<string, number>() };
        entry.advisories++;
        versions.forEach((version) => entry.versions.set(version, (entry.versions.get(version) ?? 0) + 1));
        packages.set(of?.name ?? '', entry);
      }
    }
  }
  const vulnerable = [...packages].flatMap(([name, { advisories, versions }]) => {
    const [worst] = [...versions].sort((a, b) => b[1] - a[1]);
    return worst === undefined ? [] : [{ line: `${name}==${worst[0]}`, advisories }];
  });
  vulnerable.sort((a, b) => b.advisories - a.advisories || (a.line < b.line ? -1 : 1));
  return { title: 'real records', records: files, vulnerable };
}

function madeUp(): RealPins {
  const count = 1_200;
  const sizes = Array.from({ length: count }, (_, index) => Math.max(1, Math.floor(400 / (index + 1) ** 0.8)));
  const records = sizes.flatMap((size, index) =>
    manyRecords(1, size).map((record, number) => ({
      ...record,
      id: `PYSEC-2000-${index * 1_000 + number + 1}`,
      aliases: [],
      affected: [
        {
          package: { ecosystem: 'PyPI', name: `package-${index}` },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: number % 3 === 0 ? '2.0' : '0.5' }] }],
        },
      ],
    })),
  );
  const vulnerable = sizes.map((advisories, index) => ({ line: `package-${index}==1.0`, advisories }));
  return { title: 'made-up records, sizes as real ones', records: [records], vulnerable };
}

/** So many lines, of which the first pins are vulnerable, spread evenly, and the others nobody has heard of. */
export function linesWith(pins: readonly string[], count: number): string {
  const every = Math.max(1, Math.floor(count / Math.max(1, pins.length)));
  let next = 0;
  return Array.from({ length: count }, (_, index) =>
    index % every === 0 && next < pins.length ? `${pins[next++]}\n` : `clean-${index}==1.0\n`,
  ).join('');
}
