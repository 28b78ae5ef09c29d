import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CompileTool } from '../../../server/src/core/manifests/compiled.ts';
import { compiledFrom, isSourceOf } from '../../../server/src/core/manifests/compiledSources.ts';
import { pipKind } from '../../../server/src/core/manifests/pip/pipManifest.ts';
import { compiledBy } from '../../../server/src/core/manifests/pip/edit/compiledBy.ts';
import { lastFirst, type TextChange } from '../../../server/src/core/manifests/rewrite.ts';
import { pinEdit } from '../../../server/src/core/manifests/pip/edit/pinEdit.ts';
import { rangeEdit } from '../../../server/src/core/manifests/pip/edit/rangeEdit.ts';
import { viaOf } from '../../../server/src/core/manifests/pip/edit/viaOf.ts';
import { applyEdits } from '../../../server/src/core/manifests/pip/edit/applyEdits.ts';
import { parseFile } from '../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { toParseItems, type ParseItem } from '../../../server/src/core/manifests/pip/parse/parseItems.ts';
import { pinnedVersion } from '../../../server/src/core/versions/pinnedVersion.ts';
import { parseVersion } from '../../../server/src/core/versions/version.ts';

const repoRoot = path.resolve(import.meta.dirname, '../../..');
const shared = process.env['PINWATCH_SHARED'] ?? path.resolve(repoRoot, '../shared');
const corpus = path.join(shared, 'requirements-corpus', 'files.jsonl.gz');

/** No real file pins or bounds anything by this. */
const target = parseVersion('123456789.7');
const digests = ['1', '2', '3'].map((digit) => digit.repeat(64));
const files = digests.map((sha256) => ({ filename: 'x.whl', sha256, yanked: false }));

describe('fixes of real files', () => {
  let texts: readonly string[] = [];
  let all: readonly CorpusFile[] = [];

  before(function () {
    if (!fs.existsSync(corpus)) {
      console.log('skipped: the corpus of requirements files is not beside the repository');
      this.skip();
    }
    const lines = gunzipSync(fs.readFileSync(corpus)).toString('utf8').split('\n');
    all = lines.flatMap((line) => (line === '' ? [] : (JSON.parse(line) as CorpusFile)));
    texts = all.flatMap(textOf);
  });

  it('change the version of a pin and its hashes, and nothing else', function () {
    this.timeout(60_000);
    assert.ok(target);
    let [pins, fixed] = [0, 0];
    for (const text of texts) {
      const file = parseFile(text);
      const printed = toParseItems(file);
      const changes: TextChange[] = [];
      const wanted = printed.map((printedItem, index) => {
        const item = withoutPlace(printedItem);
        const parsed = file.items[index];
        if (parsed?.kind !== 'requirement' || pinnedVersion(parsed.specifier?.clauses ?? []).kind !== 'pin')
          return item;
        pins++;
        const edit = pinEdit(file, index, target, files);
        if (edit.kind === 'disabled') return item;
        fixed++;
        changes.push(...edit.changes);
        const specs = (item.specs ?? []).map((spec) => spec.replace(/^(===?)(?!.*\*).*/, '$1123456789.7'));
        const spec = (item.spec ?? '').replace(/(===?)([ \t]*)[^\s,=()]+(?=\s*(?:$|[,)]))/g, '$1$2123456789.7');
        const hashes = item.hashes && { hashes: digests.map((digest) => `sha256:${digest}`) };
        return { ...item, spec, specs, ...hashes };
      });
      const edited = applyEdits(file, lastFirst(changes));
      const found = toParseItems(edited).map(withoutPlace);
      assert.deepEqual(found, wanted);
      assert.deepEqual(comments(edited.text), comments(text));
    }
    assert.ok(pins > 20_000, `${pins} pins`);
    assert.ok(fixed / pins > 0.99, `${fixed} of ${pins}`);
  });

  it('raise the floor of a range and change nothing else', function () {
    this.timeout(60_000);
    assert.ok(target);
    let [ranges, raised] = [0, 0];
    for (const text of texts) {
      const file = parseFile(text);
      const printed = toParseItems(file);
      file.items.forEach((item, index) => {
        if (item.kind !== 'requirement' || item.url || item.specifier === undefined) return;
        if (pinnedVersion(item.specifier.clauses).kind !== 'range') return;
        if (item.specifier.clauses.some(({ operator }) => !['>', '>=', '!='].includes(operator))) return;
        ranges++;
        const edit = rangeEdit(file, index, { kind: 'floor', version: target.normal });
        if (edit.kind === 'disabled') return;
        raised++;
        const found = toParseItems(applyEdits(file, edit.changes));
        assert.ok(found[index]?.specs?.includes('>=123456789.7'), found[index]?.text);
        found.forEach((other, at) => at === index || assert.deepEqual(other, printed[at]));
      });
    }
    assert.ok(ranges > 1000, `${ranges} ranges`);
    assert.equal(raised, ranges);
  });

  it('know the files that a tool wrote, what from, and why each line is there', () => {
    const tools = new Map<CompileTool, number>();
    let [lines, explained, withSources] = [0, 0, 0];
    for (const text of texts) {
      const file = parseFile(text);
      const compiled = compiledBy(file);
      if (compiled === undefined) continue;
      tools.set(compiled.tool, (tools.get(compiled.tool) ?? 0) + 1);
      if (compiled.sources.length > 0) withSources++;
      if (compiled.tool === 'pipenv' || !/# +via/.test(text)) continue;
      file.items.forEach((item, index) => {
        if (item.kind !== 'requirement') return;
        lines++;
        const { packages, sources } = viaOf(file, index);
        if (packages.length + sources.length > 0) explained++;
      });
    }
    const byTool = JSON.stringify([...tools]);
    assert.ok((tools.get('uv') ?? 0) >= 40 && (tools.get('pip-compile') ?? 0) >= 100, byTool);
    assert.ok((tools.get('pip-compile-multi') ?? 0) >= 40, byTool);
    assert.ok(withSources >= 100, `${withSources} with sources`);
    assert.ok(explained / lines > 0.9, `${explained} of ${lines} lines explained`);
  });

  it('find what a compiled file was made from, wherever that is in the corpus', () => {
    const pathsOf = new Map<string, Set<string>>();
    for (const { repo, path: file } of all) pathsOf.set(repo, (pathsOf.get(repo) ?? new Set()).add(file));
    let [there, found] = [0, 0];
    const notFound = new Set<string>();
    for (const file of all) {
      const manifest = pipKind.parse(file.text ?? '');
      const folder = path.posix.dirname(file.path);
      const { sources } = compiledFrom(file.path, manifest);
      const paths = pathsOf.get(file.repo) ?? new Set();
      // By hand: the tool ran in a folder above and said where its output is, or ran beside it.
      const named = sources.flatMap(({ name }) => {
        const bare = name.replaceAll('\\', '/').replace(/^(?:\.?\.\/)+/u, '');
        return [path.posix.join(folder, path.posix.basename(bare)), bare, path.posix.basename(bare)];
      });
      if (!named.some((one) => one !== file.path && one.endsWith('.in') && paths.has(one) && isNear(one, folder)))
        continue;
      there++;
      const isThere = (place: string): boolean => paths.has(path.posix.join(folder, place));
      const isAlike = (name: string, place: string): boolean =>
        all.some(
          (one) =>
            one.repo === file.repo &&
            one.path === path.posix.join(folder, place) &&
            isSourceOf(pipKind.parse(one.text ?? ''), name, manifest),
        );
      if (
        sources.some(({ places }) => places.some(isThere)) ||
        sources.some(({ name, above = [] }) => above.some((place) => isAlike(name, place)))
      )
        found++;
      else notFound.add(`${file.repo} ${file.path}`);
    }
    assert.ok(there >= 90, `${there} with their source in the corpus`);
    assert.ok(found / there >= 0.99, `${found} of ${there} found; not ${[...notFound].join(', ')}`);
  });
});

/** The corpus is ours: its shape is taken on trust. */
interface CorpusFile {
  readonly repo: string;
  readonly path: string;
  readonly text?: string;
}

/** In the same folder, or in one that both lie in by name. */
function isNear(source: string, folder: string): boolean {
  return path.posix.dirname(source) === folder || (folder !== '.' && source.split('/')[0] === folder.split('/')[0]);
}

function textOf({ text }: CorpusFile): readonly string[] {
  return text === undefined ? [] : [text];
}

/** Without the lines, which move, and the whole text, of which the rest are the parts. */
function withoutPlace(item: ParseItem): Partial<ParseItem> {
  const places: readonly string[] = ['s', 'e', 'ls', 'le', 'text'];
  return Object.fromEntries(Object.entries(item).filter(([key]) => !places.includes(key)));
}

function comments(text: string): readonly string[] {
  return text.match(/(?:^|\s)#.*$/gm) ?? [];
}
