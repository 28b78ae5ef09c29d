import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');
const page = readFileSync(path.join(root, 'docs/traceability.md'), 'utf8');

interface Row {
  readonly requirement: string;
  readonly code: readonly string[];
  readonly tests: readonly string[];
}

const pathsIn = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/gu)].map(([, found = '']) => found);

const rows: readonly Row[] = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| requirement ') && !line.startsWith('| ---'))
  .map((line) => {
    const [requirement = '', code = '', tests = ''] = line.split(/(?<!\\)\|/u).slice(1);
    return { requirement: requirement.trim(), code: pathsIn(code), tests: pathsIn(tests) };
  });

describe('the table from requirement to code to test', () => {
  it('names code and tests for each requirement', () => {
    assert.ok(rows.length > 40);
    assert.deepEqual(
      rows.filter(({ code, tests }) => code.length === 0 || tests.length === 0).map(({ requirement }) => requirement),
      [],
    );
  });

  it('names nothing that is not there', () => {
    const missing = rows
      .flatMap(({ code, tests }) => [...code, ...tests])
      .filter((one) => !existsSync(path.join(root, one)));
    assert.deepEqual(missing, []);
  });

  it('has tests that are tests', () => {
    assert.deepEqual(
      rows.flatMap(({ tests }) => tests).filter((one) => !one.startsWith('test/')),
      [],
    );
  });
});
