import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Manifest } from '../../../../server/src/core/manifests/manifest.ts';
import { pdmLockFormat } from '../../../../server/src/core/manifests/locks/pdmLock.ts';
import { poetryLockFormat } from '../../../../server/src/core/manifests/locks/poetryLock.ts';
import { pylockFormat } from '../../../../server/src/core/manifests/locks/pylock.ts';
import { uvLockFormat } from '../../../../server/src/core/manifests/locks/uvLock.ts';
import { kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';
import { kindOfFormat } from '../../../../server/src/core/manifests/reading/entryManifest.ts';
import { LockParts } from '../../../../server/src/core/manifests/reading/lock/lockParts.ts';
import type { LockShape } from '../../../../server/src/core/manifests/reading/lock/lockShape.ts';

// A lock is read package by package: whatever is typed in it, what it says is what a reader of the whole text says.

const runs = 500;
const names = ['a', 'b', 'B', 'c.d', 'flask', 'é'];
const versions = ['1.0', '2', '1.0.0rc1', 'x', ''];
const indexes = ['https://pypi.org/simple', 'https://mirror.example/simple', 'https://inner.example'];

const uvBlock = fc
  .record({
    name: fc.constantFrom(...names),
    version: fc.constantFrom(...versions),
    index: fc.constantFrom(...indexes),
    children: fc.array(fc.constantFrom(...names), { maxLength: 2 }),
  })
  .map(
    ({ name, version, index, children }) =>
      `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = { registry = "${index}" }\n` +
      `dependencies = [\n${children.map((child) => `    { name = "${child}" },\n`).join('')}]\n` +
      'wheels = [{ url = "https://example.org/w", hash = "sha256:0" }]\n\n',
  );
const uv = fc
  .array(uvBlock, { maxLength: 4 })
  .map((blocks) => `version = 1\n\n[manifest]\nmembers = ["a"]\n\n${blocks.join('')}`);

const poetryBlock = fc
  .record({ name: fc.constantFrom(...names), child: fc.constantFrom(...names) })
  .map(
    ({ name, child }) =>
      `[[package]]\nname = "${name}"\nversion = "1.0"\ngroups = ["main"]\n\n[package.dependencies]\n${child} = ">=1"\n\n`,
  );
const poetry = fc
  .array(poetryBlock, { maxLength: 4 })
  .map((blocks) => `${blocks.join('')}[metadata]\nlock-version = "2.1"\n\n[metadata.files]\na = []\n`);

const pylock = uv.map((text) => text.replaceAll('[[package]]', '[[packages]]').replaceAll('dependencies', 'deps'));
const pdm = poetry.map((text) => text.replaceAll(/\[package\.dependencies\]\n(.*) = .*/gu, 'dependencies = ["$1>=1"]'));

const pieces = [
  '"',
  "'",
  '"""',
  "'''",
  '\\',
  '[',
  ']',
  '[[',
  ']]',
  '{',
  '}',
  '=',
  '#',
  '\n',
  '\r',
  '\r\n',
  '\ufeff',
  'x',
  '😀',
  '\ud83d',
  ' ',
  ',',
  '.',
  '[[package]]',
  '\n[[package]]\n',
  '\n[[packages]]\nname = "z"\n',
  '\n[package]\n',
  '\n[package.dependencies]\n',
  '\n[metadata]\n',
  '[[package',
  '\nname = "flask"\n',
  'package = []\n',
  '\n[[distribution]]\nname = "old"\nversion = "1"\n',
  'deps = [\n[\n',
];

interface Edit {
  readonly from: number;
  readonly length: number;
  readonly text: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  from: fc.nat(1_000_000),
  length: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(120)),
  text: fc.oneof(fc.constant(''), fc.constantFrom(...pieces), fc.constantFrom(...names, ...versions)),
});

const kinds = [
  ['uv.lock', uv, uvLockFormat],
  ['poetry.lock', poetry, poetryLockFormat],
  ['pdm.lock', pdm, pdmLockFormat],
  ['pylock.toml', pylock, pylockFormat],
] as const;

function changed(
  text: string,
  { from, length, text: by }: Edit,
): { readonly start: number; readonly end: number } & Edit {
  const start = from % (text.length + 1);
  return { start, end: Math.min(text.length, start + length), from, length, text: by };
}

function said(file: Manifest) {
  return {
    entries: file.entries,
    starts: Array.from(file.starts),
    lineStarts: Array.from(file.lineStarts),
    decides: file.decides,
    via: file.entries.map((_, index) => file.viaOf?.(index)),
    outline: file.outline,
  };
}

describe('an edit of a lock', () => {
  for (const [name, text, format] of kinds) {
    const { id, matches, read, lockAgain } = format;
    const wholeKind = kindOfFormat({ id, matches, read, ...(lockAgain && { lockAgain }) }, pipKind);
    it(`has ${name} say what a reader of the whole text says`, () => {
      fc.assert(
        fc.property(
          text,
          fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
          (first, rounds) => {
            const kind = kindOfNamed(name);
            let file = kind.parse(first);
            let now = first;
            for (const edits of rounds) {
              const before = said(file);
              const changes = edits.map((one) => {
                const change = changed(now, one);
                now = now.slice(0, change.start) + change.text + now.slice(change.end);
                return change;
              });
              file = file.edit(changes);
              assert.equal(file.text, now);
              const whole = said(wholeKind.parse(now));
              assert.deepEqual(said(file), whole, JSON.stringify(now));
              if (file.isSilentEdit === true) {
                assert.deepEqual(placed(file), placed(wholeKind.parse(now)));
                assert.deepEqual(before.entries, whole.entries);
              }
            }
          },
        ),
        { numRuns: runs },
      );
    });
  }

  it('has only the package read again that it is in', () => {
    const text = Array.from({ length: 300 }, (_, at) => block(at)).join('');
    const before = LockParts.of(text, shape);
    const start = text.indexOf('name = "p150"') + 'name = "p15'.length;
    const after = text.slice(0, start) + 'x' + text.slice(start);
    const edited = before.edited(after, { start, end: start, newEnd: start + 1 }, '');
    assert.equal(edited.read, 1);
    const same = edited.all.entries.filter((entry, at) => entry === before.all.entries[at]);
    assert.equal(same.length, 299);
  });

  it('that changes no name, version or dependency leaves who asks for what as it was', () => {
    const file = kindOfNamed('uv.lock').parse(Array.from({ length: 30 }, (_, at) => block(at)).join(''));
    const { reasons } = file;
    const end = file.text.indexOf('[[package]]', 20);
    const hash = file.edit([{ start: end, end, text: '# a comment\n' }]);
    assert.equal(hash.reasons, reasons);
    const at = file.text.indexOf('name = "p7"') + 8;
    assert.notEqual(file.edit([{ start: at, end: at, text: 'x' }]).reasons, reasons);
  });

  it('of what is no package, a version or a dependency says the same at the same places', () => {
    const text = `version = 1\n${block(0)}sdist = { hash = "sha256:0123" }\n${block(1)}`;
    const file = kindOfNamed('uv.lock').parse(text);
    assert.equal(file.entries.length, 2);
    const typed = (at: number, by: string) => file.edit([{ start: at, end: at, text: by }]).isSilentEdit;
    assert.equal(typed(text.indexOf('0123'), 'f'), true);
    assert.equal(typed(text.indexOf('0123'), '\n'), false);
    assert.equal(typed(text.indexOf('p0') + 1, 'f'), false);
    assert.equal(typed(text.indexOf('name ='), ' '), false);
  });
});

const shape: LockShape = {
  list: 'package',
  packageIn: (table) => {
    const version = table.entries.get('version')?.value;
    return { version: version?.kind === 'text' ? version : undefined, edges: [] };
  },
};

function block(at: number): string {
  return `[[package]]\nname = "p${at}"\nversion = "1.${at}"\n\n`;
}

/** The entries with their lines and characters. */
function placed(file: Manifest): readonly unknown[] {
  return file.outline;
}
