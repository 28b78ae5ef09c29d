import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makePartial, moveIntoPlace, removeAbandoned } from '../../vscode/installFolder.ts';

describe('folder that VS Code is installed into', () => {
  let cache: string;
  let target: string;

  beforeEach(() => {
    cache = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-install-'));
    target = path.join(cache, 'abc');
  });

  afterEach(() => rmSync(cache, { recursive: true, force: true }));

  const isWhole = (folder: string): boolean => existsSync(path.join(folder, '.ready'));
  const finished = (who: string): string => {
    const partial = makePartial(target);
    writeFileSync(path.join(partial, '.ready'), who);
    return partial;
  };
  const owner = (): string => readFileSync(path.join(target, '.ready'), 'utf8');

  it('becomes the target', () => {
    moveIntoPlace(finished('first'), target, isWhole);
    assert.equal(owner(), 'first');
    assert.deepEqual(readdirSync(cache), ['abc']);
  });

  it('leaves the finished one of a faster process alone', () => {
    const slower = finished('slower');
    moveIntoPlace(finished('faster'), target, isWhole);
    moveIntoPlace(slower, target, isWhole);
    assert.equal(owner(), 'faster');
  });

  it('takes the place of a broken one', () => {
    mkdirSync(target);
    writeFileSync(path.join(target, 'package.json'), '{}');
    moveIntoPlace(finished('repaired'), target, isWhole);
    assert.equal(owner(), 'repaired');
    assert.deepEqual(readdirSync(cache), ['abc']);
  });

  it('puts back one that was finished between the look and the move', () => {
    mkdirSync(target);
    writeFileSync(path.join(target, 'broken'), '');
    const slower = finished('slower');
    let looks = 0;
    moveIntoPlace(slower, target, (folder) => {
      // The other process finishes right after the first look, which saw the broken one.
      if (++looks > 1) return isWhole(folder);
      rmSync(target, { recursive: true });
      moveIntoPlace(finished('faster'), target, isWhole);
      return false;
    });
    assert.equal(owner(), 'faster');
  });

  it('is cleared away when its process was killed, and only then', () => {
    const mine = makePartial(target);
    const other = mine.replace(`-${process.pid}-`, `-${endedPid()}-`);
    mkdirSync(other);
    const elsewhere = path.join(cache, 'abc.partial-some-other-host-1-x');
    mkdirSync(elsewhere);
    removeAbandoned(target);
    assert.deepEqual([mine, other, elsewhere].map(existsSync), [true, false, true]);
  });
});

function endedPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}
