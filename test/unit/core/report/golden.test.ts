import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { reportFormatIds } from '../../../../server/src/core/report/formats.ts';
import { renderReport } from '../../../../server/src/core/report/renderReport.ts';
import { context } from '../../../support/reportFixture.ts';
import { mixedReport } from '../../../support/mixedReport.ts';

/**
 * Every format of one report, whole. Where a change means to change one, `UPDATE_GOLDEN=1` writes it again: read the difference.
 */
describe('the whole report', () => {
  for (const format of reportFormatIds) {
    it(`is as it was, as ${format}`, () => {
      const file = path.join(import.meta.dirname, 'golden', `${format}.golden`);
      const text = renderReport(format, mixedReport(), {
        ...context,
        below: (given) => given.replace(/^\.\.\/app\//u, ''),
      });
      if (process.env['UPDATE_GOLDEN'] === '1') {
        writeFileSync(file, text);
      }
      assert.equal(text, existsSync(file) ? readFileSync(file, 'utf8') : '');
    });

    it(`holds nothing that a terminal, a browser or a reader would take for more than text, as ${format}`, () => {
      const text = renderReport(format, mixedReport(), context);
      assert.doesNotMatch(
        text,
        /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u,
      );
    });
  }
});
