import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { configSchema } from '../../../../server/src/core/config/configSchema.ts';
import { starterConfig } from '../../../../server/src/core/config/starterConfig.ts';
import { reportSchema } from '../../../../server/src/core/report/jsonSchema.ts';
import { renderReport } from '../../../../server/src/core/report/renderReport.ts';
import type { ScanReport } from '../../../../server/src/core/report/scanReport.ts';
import { parseToml, TomlTime } from '../../../../server/src/core/text/toml/parseToml.ts';
import type { PackageName } from '../../../../server/src/core/packages/packageName.ts';
import { assessed, finding, pinned } from '../../../support/builders.ts';
import { junitFaults } from '../../../support/schemas/junit.ts';
import { openvexSchema } from '../../../support/schemas/openvex.ts';
import { sarifSchema } from '../../../support/schemas/sarif.ts';
import { cleanReport, context, fullReport } from '../../../support/reportFixture.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const read = (file: string): object => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as object;

/** Advisories are written by strangers. */
const hostile: ScanReport = {
  ...cleanReport(),
  files: [
    {
      path: 'r"<&>\u0000\u001b[31m]]>.txt',
      requirements: [
        {
          ...pinned('x', '1'),
          outcome: assessed([
            finding({
              summary: '</a>"\u0000\u0007]]>&amp; \ud800 ::error::',
              aliases: ['<A>', '"B"'],
              url: 'https://osv.dev/vulnerability/%22%3C',
            }),
          ]),
          policy: [{ code: 'policy-license', level: 'error', message: '<&"\u0001', license: 'MIT"' }],
        },
      ],
      problems: [],
    },
  ],
};
const decidedUpon: ScanReport = {
  ...cleanReport(),
  hasBaseline: true,
  skippedPaths: [{ path: 'build', reason: 'ignored by git' }],
  unjudged: ['The rules could not be checked for 1 licence: it was not asked.'],
  files: [
    {
      path: '../elsewhere/r.txt',
      requirements: [
        {
          ...pinned('django', '3.2.0'),
          licence: { text: 'BSD', classifiers: ['OSI Approved :: BSD License'] },
          policy: [{ code: 'policy-package', level: 'warning', message: 'No.', known: true }],
          outcome: assessed([
            finding({ ignored: { reason: '', until: null, vex: { status: 'not_affected' } } }),
            finding({
              id: 'CVE-2',
              cwes: ['CWE-79'],
              published: '2021-07-02T00:00:00Z',
              modified: '2021-07-02T00:00:00.5Z',
              ignored: {
                reason: 'x',
                until: '2027-01-31',
                vex: { status: 'not_affected', justification: 'inline_mitigations_already_exist' },
              },
            }),
            finding({ id: 'CVE-3', ignored: { reason: 'x', until: null, vex: { status: 'fixed' } } }),
            finding({ id: 'CVE-4', known: true, affectedRange: 'vers:pypi/>=1|<2' }),
          ]),
        },
        {
          ...pinned('mit', '1'),
          licence: { expression: 'MIT OR (Apache-2.0 WITH LLVM-exception)', classifiers: [] },
          outcome: assessed([]),
        },
      ],
      problems: [],
    },
  ],
};
const place = { start: { line: 3, character: 0 }, end: { line: 3, character: 4 } };
const fromLock: ScanReport = {
  ...cleanReport(),
  scanId: 'a1b2',
  source: { kind: 'database', dataAge: 86_400 },
  freshness: { dataAgeSeconds: 86_400, maxDataAgeDays: 7 },
  unread: ['build: it could not be listed.'],
  files: [
    {
      path: 'uv.lock',
      kind: 'uv.lock',
      requirements: [
        {
          ...pinned('jinja2', '2.10'),
          scope: 'lock',
          requiredBy: { parents: ['flask' as PackageName], chain: ['flask' as PackageName], again: 'uv lock' },
          places: [{ path: 'pyproject.toml', range: place }],
          outcome: assessed([finding({ nearestFix: undefined, barred: 'constraints.txt:1 allows no safe version.' })]),
        },
      ],
      problems: [],
    },
  ],
  statistics: { ...cleanReport().statistics, timings: { read: 2, assess: 3 } },
};
const reports = { clean: cleanReport(), full: fullReport(), hostile, decidedUpon, fromLock };

/** The schema without room for keys that it does not name. */
function closed(schema: object): object {
  const inner = Object.entries(schema).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === 'object' && value !== null && !Array.isArray(value) ? closed(value) : value,
  ]);
  const one = Object.fromEntries(inner) as Record<string, unknown>;
  return one['type'] === 'object' && one['properties'] !== undefined ? { ...one, additionalProperties: false } : one;
}

describe('schemas', () => {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  formats.default(ajv);
  // A pattern of this schema is none with the flag for Unicode.
  const withoutUnicode = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  formats.default(withoutUnicode);
  const sarif = withoutUnicode.compile(sarifSchema());
  const openvex = ajv.compile(openvexSchema);
  const check = (validate: ValidateFunction, value: unknown): void => {
    assert.ok(validate(value), JSON.stringify(validate.errors?.slice(0, 3)));
  };

  it('are those of the code', () => {
    assert.deepEqual(read('schemas/pinwatch.schema.json'), JSON.parse(JSON.stringify(configSchema())));
    assert.deepEqual(read('schemas/report.schema.json'), JSON.parse(JSON.stringify(reportSchema())));
  });

  it('of the configuration fits what a project may write, and nothing else', () => {
    const validate = ajv.compile(configSchema());
    const valueOf = (text: string): unknown => {
      const toml = parseToml(text);
      const value = toml.kind === 'table' ? toml.value : undefined;
      return JSON.parse(
        JSON.stringify(value, (_, one: unknown) => (one instanceof TomlTime ? one.text : one)),
      ) as unknown;
    };
    check(validate, valueOf(starterConfig.replace(/^# (?=[a-z-]+ = |\[\[)/gmu, '')));
    assert.equal(validate(valueOf('failon = "high"')), false);
    assert.equal(validate(valueOf('[policy]\nyanked = true')), false);
    assert.equal(validate(valueOf('[[ignore]]\nreason = "x"')), false);
  });

  for (const [name, report] of Object.entries(reports)) {
    it(`of the JSON report fits a ${name} one`, () => {
      check(ajv.compile(reportSchema()), JSON.parse(renderReport('json', report, context)));
    });

    it(`of the JSON report describes every key of a ${name} one`, () => {
      check(ajv.compile(closed(reportSchema())), JSON.parse(renderReport('json', report, context)));
    });

    it(`of CycloneDX 1.6 fits a ${name} report`, () => {
      const folder = 'node_modules/@cyclonedx/cyclonedx-library/res/schema';
      const own = new Ajv({ strict: false, allErrors: true, addUsedSchema: false });
      formats.default(own);
      for (const format of ['iri-reference', 'idn-email']) own.addFormat(format, true);
      own.addSchema(
        read(`${folder}/spdx.SNAPSHOT.schema.json`),
        'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json',
      );
      own.addSchema(
        read(`${folder}/jsf-0.82.SNAPSHOT.schema.json`),
        'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json',
      );
      const validate = own.compile(read(`${folder}/bom-1.6.SNAPSHOT.schema.json`));
      check(validate, JSON.parse(renderReport('cyclonedx', report, context)));
    });

    it(`of SARIF 2.1.0 fits a ${name} report`, () => {
      check(sarif, JSON.parse(renderReport('sarif', report, context)));
    });

    it(`of OpenVEX 0.2.0 fits a ${name} report`, () => {
      check(openvex, JSON.parse(renderReport('openvex', report, context)));
    });

    it(`of JUnit fits a ${name} report`, () => {
      assert.deepEqual(junitFaults(renderReport('junit', report, context)), []);
    });
  }
});
