import assert from 'node:assert/strict';
import { defaultReportName, formatFor, saveFilters } from '../../../client/src/commands/reportTarget.ts';
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

  it('is offered with the usual ending of each format, that of the default name first', () => {
    const filters = saveFilters(formats);
    assert.deepEqual(Object.entries(filters)[0], ['Markdown', ['md']]);
    assert.deepEqual(
      Object.entries(filters).find(([name]) => name === 'CycloneDX'),
      ['CycloneDX', ['cdx.json']],
    );
    const withEndings = formats.filter(({ endings }) => endings.length > 0);
    assert.deepEqual(new Set(Object.keys(filters)), new Set(withEndings.map(({ name }) => name)));
    assert.equal(formatFor(defaultReportName, formats), 'markdown');
  });

  it('has endings that no two formats share', () => {
    const endings = reportFormatIds.flatMap((id) => reportFormat(id).endings);
    assert.equal(new Set(endings).size, endings.length);
  });
});
