import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { applyEdits } from '../../../server/src/core/manifests/pip/edit/applyEdits.ts';
import { decodeText } from '../../../server/src/core/text/decodeText.ts';
import type { RequirementsFile } from '../../../server/src/core/manifests/pip/model.ts';
import { parseFile } from '../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { toParseItems, type ParseItem } from '../../../server/src/core/manifests/pip/parse/parseItems.ts';

const repoRoot = path.resolve(import.meta.dirname, '../../..');
const shared = process.env['PINWATCH_SHARED'] ?? path.resolve(repoRoot, '../shared');
const corpus = path.join(shared, 'requirements-corpus');

interface CorpusFile {
  readonly id: string;
  readonly text?: string;
  readonly b64?: string;
  readonly path?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface ExpectedItem {
  readonly k: string;
  readonly s: number;
  readonly nameAt?: readonly [number, number];
  readonly specAt?: readonly [number, number];
  readonly m?: ExpectedItem;
}

interface ExpectedFile {
  readonly id: string;
  readonly items?: readonly ExpectedItem[];
  readonly mItems?: readonly ExpectedItem[];
}

interface ParsedRecord {
  readonly id: string;
  readonly file: RequirementsFile;
  readonly items: readonly ParseItem[];
}

/** The share of items that must be wholly right, by what compare.mjs calls them. */
const corpora = [
  {
    what: 'real files',
    files: 'files.jsonl.gz',
    expected: 'expected.jsonl.gz',
    shares: { items: 0.999, 'kind=requirement': 0.9995 },
  },
  {
    what: 'generated files',
    files: 'generated.files.jsonl.gz',
    expected: 'generated.expected.jsonl.gz',
    shares: { items: 0.99 },
  },
] as const;

const edits = ['x', '\n', '\\\n', '#', '', ' ', '==1.0\nfoo'];

for (const { what, files, expected, shares } of corpora) {
  describe(`${what} read as pip reads them`, () => {
    let records: readonly ParsedRecord[] = [];

    before(function () {
      if (!fs.existsSync(path.join(corpus, files))) {
        console.log('skipped: the corpus of requirements files is not beside the repository');
        this.skip();
      }
      records = readJsonLines<CorpusFile>(files).flatMap(parseRecord);
    });

    it('have the parts that pip finds', () => {
      const scores = compare(records, expected);
      for (const [name, share] of Object.entries(shares)) {
        assert.ok((scores.get(name) ?? 0) >= share, `${name}: ${scores.get(name)}, expected ${share}`);
      }
    });

    it('can be edited line by line', () => {
      for (const [index, { file }] of records.entries()) {
        if (index % 5 !== 0) continue;
        const at = (index * 7919) % (file.text.length + 1);
        const changes = [
          { start: at, end: Math.min(at + (index % 3), file.text.length), text: edits[index % edits.length] ?? '' },
          { start: 0, end: 0, text: '\n' },
        ];
        const edited = applyEdits(parseFile(file.text), changes);
        const whole = parseFile(edited.text);
        assert.deepEqual(edited.items, whole.items);
        assert.deepEqual([edited.starts, edited.lineStarts], [whole.starts, whole.lineStarts]);
      }
    });

    it('have their names and specifiers where they are written', () => {
      const byId = new Map(readJsonLines<ExpectedFile>(expected).map((file) => [file.id, file]));
      let count = 0;
      for (const { id, file, items } of records) {
        const lines = new Map(
          (byId.get(id)?.mItems ?? byId.get(id)?.items ?? []).map((item) => [item.s, item.m ?? item]),
        );
        items.forEach(({ s }, index) => {
          const item = file.items[index];
          const wanted = lines.get(s);
          if (item?.kind !== 'requirement' || wanted?.k !== 'requirement') return;
          count++;
          if (wanted.nameAt) assert.deepEqual(toPair(item.name.span), wanted.nameAt, `${id} line ${s}`);
          if (wanted.specAt)
            assert.deepEqual(item.specifier && toPair(item.specifier.span), wanted.specAt, `${id} line ${s}`);
        });
      }
      assert.ok(count > 1000);
    });
  });
}

function parseRecord(record: CorpusFile): readonly ParsedRecord[] {
  const text = record.b64 === undefined ? record.text : decode(Buffer.from(record.b64, 'base64'));
  if (text === undefined) return []; // pip cannot decode these either, or the comparison will say so.
  const file = parseFile(text, { environment: record.env ?? {} });
  return [{ id: record.id, file, items: toParseItems(file, { path: record.path ?? 'requirements.txt' }) }];
}

function decode(bytes: Uint8Array): string | undefined {
  const decoded = decodeText(bytes, (data, encoding) => new TextDecoder(encoding, { fatal: true }).decode(data));
  return decoded.kind === 'text' ? decoded.text : undefined;
}

/** The shares that the corpus's own script finds: `name matched/total percent` a line. */
function compare(records: readonly ParsedRecord[], expected: string): ReadonlyMap<string, number> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pinwatch-corpus-'));
  try {
    const actual = path.join(folder, 'actual.jsonl');
    fs.writeFileSync(actual, records.map(({ id, items }) => JSON.stringify({ id, items })).join('\n'));
    const script = path.join(corpus, 'compare.mjs');
    const options = ['--expected', path.join(corpus, expected), '--actual', actual, '--oracle', 'modern'];
    const output = execFileSync(process.execPath, [script, ...options], { encoding: 'utf8' });
    const lines = output.matchAll(/^(\S.*?) +(\d+)\/(\d+) /gm);
    return new Map(Array.from(lines, ([, name = '', matched, total]) => [name, Number(matched) / Number(total)]));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function toPair(span: { readonly start: number; readonly end: number }): readonly [number, number] {
  return [span.start, span.end];
}

/** The corpus is ours: its shape is taken on trust. */
function readJsonLines<T>(name: string): readonly T[] {
  const text = gunzipSync(fs.readFileSync(path.join(corpus, name))).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
