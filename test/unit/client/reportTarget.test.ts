import assert from 'node:assert/strict';
import { formatFor, formatPicks } from '../../../client/src/commands/reportTarget.ts';
import { editorFormatIds, reportFormat, reportFormatIds } from '../../../server/src/core/report/formats.ts';

const formats = editorFormatIds.map((id) => ({ id, ...reportFormat(id) }));

describe('an exported report', () => {
  for (const { id, endings } of formats) {
    for (const ending of endings) {
      it(`is ${id} where its file ends in .${ending}`, () => {
        assert.equal(formatFor(`/a.md/report.${ending}`, formats), id);
        assert.equal(formatFor(`/A/REPORT.${ending.toUpperCase()}`, formats), id);
      });
    }
  }

  it('is JSON where its file ends in anything else', () => {
    for (const path of ['/report', '/report.txt', '/report.cdx', '/sarif', '/cdx.json.bak', '/notmd']) {
      assert.equal(formatFor(path, formats), 'json', path);
    }
  });

  it('is offered in each format that has a file ending, Markdown first, with what it is for', () => {
    const picks = formatPicks(formats);
    assert.deepEqual(
      picks.map(({ label, description }) => [label, description]),
      [
        ['Markdown', '.md'],
        ['JSON', '.json'],
        ['SARIF', '.sarif'],
        ['CycloneDX', '.cdx.json'],
        ['OpenVEX', '.openvex.json'],
        ['JUnit', '.junit.xml'],
      ],
    );
    assert.ok(picks.every(({ detail }) => detail !== ''));
  });

  it('has endings that no two formats share', () => {
    const endings = reportFormatIds.flatMap((id) => reportFormat(id).endings);
    assert.equal(new Set(endings).size, endings.length);
  });
});
