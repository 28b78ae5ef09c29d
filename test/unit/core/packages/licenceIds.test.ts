import assert from 'node:assert/strict';
import { licenceRuleIds } from '../../../../server/src/core/packages/licenceIds.ts';

describe('ids of a rule about licences', () => {
  it('are those of the SPDX list, one or alternatives', () => {
    const cases: Readonly<Record<string, readonly string[]>> = {
      MIT: ['MIT'],
      'mit or isc': ['mit', 'isc'],
      '(MIT OR ISC)': ['MIT', 'ISC'],
      'GPL-2.0-or-later WITH Classpath-exception-2.0': ['GPL-2.0-or-later WITH Classpath-exception-2.0'],
      'GPL-*': ['GPL-*'],
      'LicenseRef-Own': ['LicenseRef-Own'],
    };
    for (const [text, ids] of Object.entries(cases)) {
      assert.deepEqual(licenceRuleIds(text), ids, text);
    }
  });

  it('are compared letter by letter before a slip is looked for', () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['Apache 2.0', /^"Apache 2\.0" is no id of the SPDX licence list \(did you mean Apache-2\.0\?\)$/u],
      ['MITT', /did you mean MIT\?/u],
      ['BSD3Clause', /did you mean BSD-3-Clause\?/u],
      ['MIT AND ISC', /^"MIT AND ISC" is no id/u],
      ['XYZ-*', /is no id/u],
      ['GPL-2.0-only WITH Classpth-exception-2.0', /did you mean Classpath-exception-2\.0\?/u],
      ['', /is no id/u],
    ];
    for (const [text, expected] of cases) {
      const found = licenceRuleIds(text);
      assert.match('wrong' in found ? found.wrong : '', expected, text);
    }
  });
});
