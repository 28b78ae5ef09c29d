import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { type Manifest, nameOf } from '../../../../server/src/core/manifests/manifest.ts';
import { kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';
import type { Rewrite } from '../../../../server/src/core/manifests/rewrite.ts';
import { parseVersion } from '../../../../server/src/core/versions/version.ts';
import { caseFiles, casesFolder, casesIn, linesOf, type ManifestCase } from '../../../support/manifestCases.ts';

const reading = path.resolve(import.meta.dirname, '../../../support/manifestReading.py');
const files = caseFiles.filter((name) => name !== 'installed.cases').map((name) => [name, casesIn(name)] as const);

function describedIn(file: string, text: string, withPlaces = true): readonly string[] {
  return linesOf(kindOfNamed(file).describe(text, { path: file }), withPlaces);
}

describe('our own cases of manifests', () => {
  for (const [name, cases] of files) {
    describe(name, () => {
      it('are fifty or more', () => {
        assert.ok(cases.length >= 50);
        assert.equal(new Set(cases.map(({ title }) => title)).size, cases.length);
      });

      it('say what an independent reading says', () => {
        each(cases, ({ path: file, text, said }) => {
          assert.deepEqual([...new Set(describedIn(file, text))], [...said].sort());
        });
      });

      it('say the same with any line ends, and behind a byte-order mark', () => {
        each(cases, ({ path: file, text }) => {
          const plain = describedIn(file, text);
          assert.deepEqual(describedIn(file, text.replaceAll('\n', '\r\n')), plain);
          assert.deepEqual(describedIn(file, `\ufeff${text}`), plain);
        });
      });

      it('have places that cut out what was read', () => {
        each(cases, ({ path: file, text }) => {
          for (const one of [text, text.replaceAll('\n', '\r\n'), `\ufeff${text}`]) {
            assert.deepEqual(wrongPlaces(kindOfNamed(file).parse(one)), []);
          }
        });
      });

      it('say nothing that is not there when a part of the file is missing', () => {
        each(cases, ({ path: file, text }) => {
          for (let end = text.indexOf('\n') + 1; end > 0; end = text.indexOf('\n', end) + 1) {
            const part = text.slice(0, end);
            assert.deepEqual(wrongPlaces(kindOfNamed(file).parse(part)), [], JSON.stringify(part));
            kindOfNamed(file).describe(part, { path: file });
          }
        });
      });

      it('are fixed so that nothing else changes', () => {
        each(cases, ({ path: file, text }) => {
          for (const one of [text, text.replaceAll('\n', '\r\n'), `\ufeff${text}`]) fixesOf(file, one);
        });
      });
    });
  }

  it('are read by Python as is written down, as are their fixes', function () {
    this.timeout(60_000);
    const all = caseFiles.map((name) => path.join(casesFolder, name));
    const checked = spawnSync('python3', [reading, '--check', ...all], { encoding: 'utf8' });
    if (checked.error !== undefined || checked.status === 77) {
      console.log(`skipped: no python3 with packaging and PyYAML (${checked.error?.message ?? checked.stdout.trim()})`);
      this.skip();
    }
    assert.equal(checked.stdout + checked.stderr, '');
    assert.equal(checked.status, 0);
    const fixes = files.flatMap(([, cases]) => cases.flatMap(({ path: file, text }) => fixesOf(file, text)));
    const input = fixes.map((fix) => JSON.stringify({ path: fix.path, text: fix.text })).join('\n');
    const read = spawnSync('python3', [reading, '--read'], { encoding: 'utf8', input, maxBuffer: 100_000_000 });
    const answers = read.stdout.trim().split('\n');
    assert.equal(answers.length, fixes.length);
    const wrong = fixes.flatMap(({ text, lines }, at) => {
      const answer = [...(JSON.parse(answers[at] ?? '[]') as readonly string[])].sort();
      return JSON.stringify(answer) === JSON.stringify(lines) ? [] : [{ text, lines, answer }];
    });
    assert.deepEqual(wrong, []);
  });
});

/** All cases, so that one that fails does not hide the others. */
function each(cases: readonly ManifestCase[], check: (one: ManifestCase) => void): void {
  const failures = cases.flatMap((one) => {
    try {
      check(one);
      return [];
    } catch (error) {
      return [`${one.title}\n${one.text}\n${error instanceof Error ? error.message : String(error)}`];
    }
  });
  assert.equal(failures.join('\n\n'), '');
}

/** Names, versions, operators, extras, targets and addresses whose spans do not cut out what they say. */
function wrongPlaces(file: Manifest): readonly string[] {
  return file.entries.flatMap(({ span, problems }, index) => {
    const content = file.contentOf(index);
    const start = file.starts[index] ?? -1;
    const cut = ({ start: from, end: to }: { readonly start: number; readonly end: number }): string =>
      file.slice(start + from, start + to);
    const wrong: string[] = [];
    const expect = (what: string, written: string, place: { readonly start: number; readonly end: number }): void => {
      if (start + place.start < 0 || start + place.end > file.length || place.end < place.start) {
        wrong.push(`${what} ${written} is out of the file`);
      } else if (!isWritten(cut(place), written)) wrong.push(`${what} ${written}: ${JSON.stringify(cut(place))}`);
    };
    if (start < 0 || span.start !== 0 || start + span.end > file.length) wrong.push('an entry is out of the file');
    for (const problem of problems) {
      if (problem.span.end < problem.span.start || start + problem.span.end > file.length + 1) {
        wrong.push(`a problem is out of the file: ${problem.message}`);
      }
    }
    const name = nameOf(content);
    if (name !== undefined && name.span.end - name.span.start > 1) expect('name', name.text, name.span);
    if (content?.kind === 'index') {
      content.extras.forEach((extra) => expect('extra', extra.text, extra.span));
      content.specifier?.clauses.forEach(({ versionSpan, version, operatorSpan }) => {
        // What a caret or tilde comes to is not in the text.
        if (!/[\^~]/u.test(cut(content.specifier?.span ?? span)) && !version.endsWith('.*')) {
          expect('version', version, versionSpan);
        }
        const sign = cut(operatorSpan).trim();
        if (!/^[=!<>~^]{0,3}$/u.test(sign) && !sign.includes('\\')) wrong.push(`operator ${sign}`);
      });
    }
    if (content?.kind === 'url') expect('address', content.url.text, content.url.span);
    if (content?.kind === 'path') expect('path', content.path.text, content.path.span);
    return wrong;
  });
}

/** As it stands, or with escapes, quotes or joined lines in it. */
function isWritten(written: string, text: string): boolean {
  return written === text || (/["'\\\r\n`]/u.test(written) && written.length > text.length);
}

interface Fixed {
  readonly path: string;
  readonly text: string;
  /** What the file has to say now, without places. */
  readonly lines: readonly string[];
}

const other = '97.1';

/** The file with each of its pins at another version; fails where anything else changes. */
function fixesOf(file: string, text: string): readonly Fixed[] {
  const manifest = kindOfNamed(file).parse(text);
  return manifest.entries.flatMap((_, index) => {
    const content = manifest.contentOf(index);
    if (content?.kind !== 'index' || manifest.rewrite === undefined) return [];
    const clauses = content.specifier?.clauses ?? [];
    const [only] = clauses;
    const isPin = clauses.length === 1 && only?.operator === '==' && !only.wildcard;
    const version = parseVersion(other);
    assert.ok(version);
    const to: readonly Rewrite[] = isPin
      ? [{ kind: 'pin', version }]
      : [
          { kind: 'exclude', versions: ['1.5.7'] },
          { kind: 'floor', version: '1.5.7' },
          { kind: 'replace', floor: other },
        ];
    return to.flatMap((rewrite) => {
      const edit = manifest.rewrite?.(index, rewrite);
      if (edit?.kind !== 'edit') {
        const span = only && { start: only.versionSpan.start, end: only.versionSpan.end };
        const start = manifest.starts[index] ?? 0;
        const isPlain = span && manifest.slice(start + span.start - 2, start + span.end) === `==${only.version}`;
        assert.ok(!isPin || isPlain !== true || only.version.includes('+'), 'a plain pin that cannot be fixed');
        return [];
      }
      const edited = manifest.edit(edit.changes);
      assert.deepEqual(wrongPlaces(edited), []);
      assertNarrow(manifest, edited, index);
      return [{ path: file, text: edited.text, lines: linesAfter(file, manifest, edited) }];
    });
  });
}

/** Nothing is changed but the versions of the entry: no comment, no quote, no line end, no other entry. */
function assertNarrow(before: Manifest, after: Manifest, index: number): void {
  const [a, b] = [before.text, after.text];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let same = 0;
  while (same < Math.min(a.length, b.length) - start && a.at(-same - 1) === b.at(-same - 1)) same++;
  const [gone, come] = [a.slice(start, a.length - same), b.slice(start, b.length - same)];
  assert.match(gone, /^[\w.!+*<>=~^, |\\-]*$/u);
  assert.match(come, /^[\w.!+*<>=~^, |-]*$/u);
  const from = before.starts[index] ?? 0;
  const end = from + (before.entries[index]?.span.end ?? 0);
  // Of a table with a header or keys of its own the entry is the name, and the version is below it.
  const line = a.slice(a.lastIndexOf('\n', start - 1) + 1, a.length - same);
  const isBelow = start >= from && /^[\w.-]*\bversion\s*=\s*["'][^"']*$/u.test(line);
  assert.ok(isBelow || (start >= from && a.length - same <= end), `${JSON.stringify(gone)} is not in the entry`);
  assert.equal(after.entries.length, before.entries.length);
  after.entries.forEach((entry, at) => {
    if (at !== index) assert.deepEqual(after.contentOf(at), before.contentOf(at));
    assert.equal(entry.problems.length, before.entries[at]?.problems.length);
  });
}

/** The lines of the cases after a fix: what is said of the entry alone is another thing, and only of its versions. */
function linesAfter(file: string, before: Manifest, after: Manifest): readonly string[] {
  const [old, now] = [before, after].map(({ text }) => kindOfNamed(file).describe(text, { path: file }));
  assert.ok(old && now);
  const changed = now.items.filter((item, at) => JSON.stringify(item) !== JSON.stringify(old.items[at]));
  assert.deepEqual(now.items.map(withoutVersions), old.items.map(withoutVersions));
  const entries = changed.filter((item) => 'specifier' in item && item.specifier !== undefined);
  assert.ok(entries.length >= 1);
  return linesOf(now, false);
}

function withoutVersions(item: object): object {
  const kept = Object.entries(item).filter(
    ([key]) => !/^(?:specifier|written|specAt|specText|nameAt|incomplete)$/u.test(key),
  );
  return Object.fromEntries(kept);
}
