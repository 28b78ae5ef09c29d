import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { kindOfNamed } from '../../../server/src/core/manifests/manifestKinds.ts';

const repoRoot = path.resolve(import.meta.dirname, '../../..');
const corpus = path.join(process.env['PINWATCH_SHARED'] ?? path.resolve(repoRoot, '../shared'), 'manifest-corpus');

interface CorpusFile {
  readonly id: string;
  readonly path: string;
  readonly text: string;
}

const edits = ['x', '\n', '"', '[', ']', '', '= ', '{', '\n[a.b]\n', '\\'];

for (const [what, prefix] of [
  ['real manifests', ''],
  ['generated manifests', 'generated.'],
] as const) {
  describe(`${what}, read as an independent reader reads them`, function () {
    this.timeout(120_000);
    let files: readonly CorpusFile[] = [];

    before(function () {
      const file = path.join(corpus, `${prefix}files.jsonl.gz`);
      if (!fs.existsSync(file)) {
        console.log('skipped: the corpus of manifests is not beside the repository');
        this.skip();
      }
      files = linesOf(file).map((line) => JSON.parse(line) as CorpusFile);
    });

    it('have the same items at the same places, and report what is broken', () => {
      const actual = files.map(({ id, path: name, text }) =>
        JSON.stringify({ id, ...kindOfNamed(name).describe(text, { path: name }) }),
      );
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pinwatch-manifests-'));
      try {
        fs.writeFileSync(path.join(folder, 'actual.jsonl'), actual.join('\n'));
        const compare = path.join(corpus, 'compare.mjs');
        const expected = path.join(corpus, `${prefix}expected.jsonl.gz`);
        const args = ['--expected', expected, '--actual', path.join(folder, 'actual.jsonl')];
        const said = execFileSync(process.execPath, [compare, ...args], { encoding: 'utf8' });
        assert.ok(Number(said.trim().split('\n').at(-1)) >= 0.999, said);
        assert.match(said, /^extra items\s+0$/mu);
      } finally {
        fs.rmSync(folder, { recursive: true });
      }
    });

    it('are the same after an edit as when they are read again', () => {
      for (const [index, { path: name, text }] of files.entries()) {
        if (text.length > 60_000) continue;
        const at = (index * 7919) % (text.length + 1);
        const change = {
          start: at,
          end: Math.min(at + (index % 4), text.length),
          text: edits[index % edits.length] ?? '',
        };
        const edited = kindOfNamed(name).parse(text).edit([change]);
        const whole = kindOfNamed(name).parse(edited.text);
        assert.deepEqual(edited.entries, whole.entries, name);
        assert.deepEqual(edited.starts, whole.starts, name);
      }
    });
  });
}

function linesOf(file: string): readonly string[] {
  return gunzipSync(fs.readFileSync(file)).toString('utf8').split('\n').filter(Boolean);
}
