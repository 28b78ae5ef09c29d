import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { editorFormatIds, reportFormat, reportFormatIds } from '../../../server/src/core/report/formats.ts';
import { helpText } from '../../../server/src/cli/arguments/help.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const page = readFileSync(path.join(root, 'docs/command-line.md'), 'utf8');
const editorPage = readFileSync(path.join(root, 'docs/in-the-editor.md'), 'utf8');

describe('formats of the report', () => {
  it('are exactly those of their page, with their file endings', () => {
    const [, table = ''] = /^\| `--format` \| file ending \| for \|\n\|[- |]+\n((?:\|.*\n)+)/mu.exec(page) ?? [];
    assert.deepEqual(
      table
        .trimEnd()
        .split('\n')
        .map((row) => /^\| `([a-z]+)` \| (?:`\.([\w.]+)` )?\| [^|]+ \|$/u.exec(row)?.slice(1) ?? row),
      reportFormatIds.map((id) => [id, reportFormat(id).endings[0]]),
    );
  });

  it('are all in the help, in the same order', () => {
    const listed = reportFormatIds.map((id) => helpText.indexOf(`\n${' '.repeat(28)}${id} `));
    assert.ok(
      listed.every((at, index) => at > (listed[index - 1] ?? 0)),
      listed.join(),
    );
    reportFormatIds.forEach((id) => assert.ok(helpText.includes(` ${reportFormat(id).description}\n`), id));
  });

  it('that an editor can write are all named beside its command', () => {
    const [row = ''] = /^\| Pinwatch: Export Report… \|.*$/mu.exec(editorPage) ?? [];
    const written = editorFormatIds.filter((id) => reportFormat(id).endings.length > 0);
    written.forEach((id) => assert.ok(row.includes(reportFormat(id).name), `${row} lacks ${id}`));
  });

  it('are told apart in the registry alone', () => {
    const places = ['server/src/**/*.ts', 'client/src/**/*.ts', 'protocol/**/*.ts'];
    const found = places
      .flatMap((pattern) => globSync(pattern, { cwd: root }))
      .filter((file) =>
        /(?:case|[!=]==|includes\()\s*'(?:sarif|cyclonedx|openvex|github)'/u.test(
          readFileSync(path.join(root, file), 'utf8'),
        ),
      );
    assert.deepEqual(found, []);
  });
});
