import assert from 'node:assert/strict';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { URI } from 'vscode-uri';
import {
  below,
  type FileId,
  fileId,
  folderOf,
  idOfPath,
  isAtOrInside,
  isAtOrInsideAny,
  isInside,
  join,
  nameOf,
  pathOf,
  shownBelow,
} from '../../../server/src/project/fileId.ts';

const letters = [...' ()+\'&,;=@$!:~#%?[]{}|^`"<>*-._aZ09é', '日本', '𝄞', '%2F', '%zz', '%41', '\\', '..b'];
const segment = fc
  .array(fc.constantFrom(...letters), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''))
  .filter((name) => name !== '.' && name !== '..');
const posixPath = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
const windowsPath = fc
  .tuple(fc.constantFrom('C', 'c', 'Z'), fc.array(segment, { minLength: 1, maxLength: 3 }))
  .map(([letter, parts]) => `${letter}:\\${parts.map((part) => part.replaceAll('\\', '_')).join('\\')}`);

describe('id of a file', () => {
  it('is the same for the spellings of Node and of VS Code, and is that of VS Code', () => {
    fc.assert(
      fc.property(posixPath, (path) => {
        const id = idOfPath(path, false);
        assert.equal(fileId(pathToFileURL(path, { windows: false }).href), id);
        assert.equal(fileId(URI.from({ scheme: 'file', path }).toString()), id);
        assert.equal(URI.from({ scheme: 'file', path }).toString(), id);
      }),
      { examples: [['/ws (1) @ c++/a&b=c/100%/é 日本/r.txt']] },
    );
  });

  it('leads back to the path', () => {
    fc.assert(
      fc.property(posixPath, (path) => {
        fc.pre(!/^\/[A-Z]:/u.test(path));
        const id = idOfPath(path, false);
        assert.equal(pathOf(id, false), path);
        assert.equal(pathOf(id, false), fileURLToPath(id, { windows: false }));
      }),
    );
    fc.assert(
      fc.property(windowsPath, (path) => {
        const id = idOfPath(path, true);
        assert.equal(pathOf(id, true), path[0]?.toLowerCase() + path.slice(1));
        assert.equal(fileId(pathToFileURL(path, { windows: true }).href), id);
      }),
    );
  });

  it('never throws, and is its own id, whatever is given', () => {
    const pieces = fc.constantFrom(
      'file:',
      '//',
      '/',
      'c:',
      'C%3A',
      'wsl.localhost',
      '%',
      '%2F',
      '%00',
      '%ff',
      '\ud834',
      '\\',
      '..',
      '?',
      '#',
      'é',
      'untitled:',
      '[',
      ']',
      ' ',
      'a',
    );
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 8 }).map((all) => all.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(texts, texts, (uri, target) => {
        const id = fileId(uri);
        assert.equal(fileId(id), id);
        for (const isWindows of [true, false]) {
          pathOf(id, isWindows);
        }
        const joined = join(id, target);
        assert.equal(fileId(joined), joined);
        assert.equal(fileId(folderOf(id)), folderOf(id));
        [nameOf(id), shownBelow([folderOf(id)], id), isInside(id, joined)].forEach(() => undefined);
      }),
      { numRuns: 4000, examples: [['untitled:////', '']] },
    );
  });

  for (const [one, other] of [
    ['file:///C:/ws/r.txt', 'file:///c%3A/ws/r.txt'],
    ['file:///c:/ws/r.txt', 'file:///c%3A/ws/r.txt'],
    ['FILE:///ws/r.txt', 'file:///ws/r.txt'],
    ['file://localhost/ws/r.txt', 'file:///ws/r.txt'],
    ['file:///ws/', 'file:///ws'],
    ['file:///ws//a/./b/../r.txt', 'file:///ws/a/r.txt'],
    ['file:///ws/%2e%2e/etc/passwd', 'file:///etc/passwd'],
    ['file://WSL.localhost/Ubuntu/r.txt', 'file://wsl.localhost/Ubuntu/r.txt'],
    ['file:///ws/%c3%a9', 'file:///ws/é'],
    ['vscode-vfs://github/a/b+c', 'vscode-vfs://github/a/b%2Bc'],
    ['untitled:////', 'untitled:/'],
    ['untitled:////ws', 'untitled:/ws'],
  ] as const) {
    it(`of ${one} is that of ${other}`, () => assert.equal(fileId(one), fileId(other)));
  }

  for (const [one, other] of [
    ['file:///ws/a%2Fb', 'file:///ws/a/b'],
    ['file:///tmp/%zz', 'file:///tmp/%25zz'],
    ['file:///ws/R.txt', 'file:///ws/r.txt'],
    ['file:///ws', 'file://ws'],
    ['untitled:/ws', 'file:///ws'],
  ] as const) {
    it(`of ${one} is not that of ${other}`, () => assert.notEqual(fileId(one), fileId(other)));
  }

  for (const uri of [
    'file://wsl.localhost/Ubuntu',
    'file:///tmp/%zz',
    'file:///a%00b',
    'file:///a%2Fb',
    'git:/a',
    '',
    'x',
    'file:///\ud834',
  ]) {
    it(`has no path: ${JSON.stringify(uri)}`, () => assert.equal(pathOf(fileId(uri), false), undefined));
  }

  it('has the path of another machine where the system has one', () => {
    assert.equal(pathOf(fileId('file://wsl.localhost/Ubuntu/home'), true), '\\\\wsl.localhost\\Ubuntu\\home');
    assert.equal(idOfPath('\\\\wsl.localhost\\Ubuntu\\home', true), fileId('file://wsl.localhost/Ubuntu/home'));
    assert.equal(pathOf(fileId('file:///ws/r.txt'), true), undefined);
    assert.equal(pathOf(fileId('file:///c:/'), true), 'c:\\');
  });

  for (const [from, target, to] of [
    ['file:///ws/c%2B%2B/r.txt', 'base.txt', 'file:///ws/c%2B%2B/base.txt'],
    ['file:///ws/a/r.txt', '../base (1).txt', 'file:///ws/base%20%281%29.txt'],
    ['file:///ws/a/r.txt', '../../../../etc/x', 'file:///etc/x'],
    ['file:///ws/r.txt', '100%.txt', 'file:///ws/100%25.txt'],
    ['file:///ws/r.txt', 'a#b?c.txt', 'file:///ws/a%23b%3Fc.txt'],
    ['file:///ws/r.txt', '/abs/r.txt', 'file:///abs/r.txt'],
    ['file:///ws/r.txt', 'file:///ws/x.txt#egg', 'file:///ws/x.txt'],
    ['file:///c%3A/ws/r.txt', 'sub\\base.txt', 'file:///c%3A/ws/sub/base.txt'],
    ['file:///c%3A/ws/r.txt', 'D:\\base.txt', 'file:///d%3A/base.txt'],
    ['file:///c%3A/ws/r.txt', '/base.txt', 'file:///c%3A/base.txt'],
    ['file://host/share/r.txt', 'base.txt', 'file://host/share/base.txt'],
    ['file:///ws/r.txt', 'sub\\base.txt', 'file:///ws/sub%5Cbase.txt'],
  ] as const) {
    it(`${target} in ${from} is ${to}`, () => assert.equal(join(fileId(from), target), to));
  }

  it('lies in a folder by whole names', () => {
    const inside = (file: string, folder: string): boolean => isInside(fileId(file), fileId(folder));
    assert.ok(inside('file:///ws/a/r.txt', 'file:///ws/'));
    assert.ok(inside('file:///ws', 'file:///'));
    assert.ok(inside('file:///C:/ws/r.txt', 'file:///c%3A/'));
    assert.ok(!inside('file:///ws2/r.txt', 'file:///ws'));
    assert.ok(!inside('file:///ws', 'file:///ws'));
    assert.ok(!inside('file:///ws/../etc/x', 'file:///ws'));
  });

  it('lies in one of many folders as it lies in each of them', () => {
    fc.assert(
      fc.property(posixPath, fc.array(posixPath, { maxLength: 3 }), fc.nat(4), (path, others, up) => {
        const id = idOfPath(path, false);
        let above = id;
        for (let at = 0; at < up; at++) {
          above = folderOf(above);
        }
        const places = [...others.map((other) => idOfPath(other, false)), ...(up === 4 ? [] : [above])];
        assert.equal(
          isAtOrInsideAny(id, new Set(places)),
          places.some((place) => isAtOrInside(id, place)),
        );
      }),
    );
  });

  it('has a folder and a name', () => {
    assert.equal(folderOf(fileId('file:///ws/r.txt')), 'file:///ws');
    assert.equal(folderOf(fileId('file:///ws')), 'file:///');
    assert.equal(folderOf(fileId('file:///')), 'file:///');
    assert.equal(nameOf(fileId('file:///ws/100%25.txt')), '100%.txt');
  });

  it('is shown as a path', () => {
    const ids = (...uris: string[]): FileId[] => uris.map(fileId);
    const file = fileId('file:///ws/c++/a b.txt');
    assert.equal(shownBelow(ids('file:///ws'), file), 'c++/a b.txt');
    assert.equal(shownBelow(ids('file:///ws/c%2B%2B', 'file:///x'), file), 'c++/a b.txt');
    assert.equal(shownBelow([], file), '/ws/c++/a b.txt');
    assert.equal(shownBelow([], fileId('file:///C:/r.txt')), 'c:/r.txt');
    assert.equal(below(fileId('file:///'), 'r.txt'), 'file:///r.txt');
  });
});
