import assert from 'node:assert/strict';
import { cyclonedxReport } from '../../../../server/src/core/report/formats/cyclonedx/cyclonedx.ts';
import { openvexReport } from '../../../../server/src/core/report/formats/openvex.ts';
import type { AssessedRequirement } from '../../../../server/src/core/assessment/requirement.ts';
import type { Finding, Ignored, VexStatement } from '../../../../server/src/core/assessment/finding.ts';
import type { Licence } from '../../../../server/src/core/packages/licence.ts';
import type { ScanReport } from '../../../../server/src/core/report/scanReport.ts';
import { assessed, finding, pinned } from '../../../support/builders.ts';
import { cleanReport, context, fullReport } from '../../../support/reportFixture.ts';

interface Property {
  readonly name: string;
  readonly value: string;
}
interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly timestamp: string; readonly properties: readonly Property[] };
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly purl?: string;
    readonly licenses?: readonly object[];
    readonly evidence: { readonly occurrences: readonly object[] };
    readonly properties: readonly Property[];
  }[];
  readonly compositions?: readonly { readonly aggregate: string; readonly assemblies: readonly string[] }[];
  readonly vulnerabilities: readonly {
    readonly 'bom-ref': string;
    readonly id: string;
    readonly ratings: readonly object[];
    readonly cwes?: readonly number[];
    readonly published?: string;
    readonly updated?: string;
    readonly analysis: object;
    readonly affects: readonly { readonly ref: string; readonly versions?: readonly object[] }[];
  }[];
}

const bomOf = (report: ScanReport): Bom => JSON.parse(cyclonedxReport(report, context)) as Bom;
const valueOf = (properties: readonly Property[] | undefined, name: string): string | undefined =>
  properties?.find((property) => property.name === `pinwatch:${name}`)?.value;

describe('CycloneDX', () => {
  it('lists every requirement as a component, each release once', () => {
    const bom = bomOf(fullReport());
    assert.deepEqual([bom.bomFormat, bom.specVersion, bom.metadata.timestamp], ['CycloneDX', '1.6', context.time]);
    assert.deepEqual(
      bom.components.map(({ purl }) => purl),
      [
        'pkg:pypi/django@3.2.0',
        'pkg:pypi/flask@3.0',
        'pkg:pypi/six@1.0',
        'pkg:pypi/evil@1.0%2Bx',
        'pkg:pypi/attrs',
        'pkg:pypi/jinja2',
      ],
    );
    const twice = cleanReport();
    const again = bomOf({
      ...twice,
      files: [...twice.files, { path: 'b.txt', requirements: twice.files[0]?.requirements ?? [], problems: [] }],
    });
    assert.deepEqual(
      again.components.map(({ evidence }) => evidence.occurrences),
      [
        [
          { location: 'requirements.txt', line: 1 },
          { location: 'b.txt', line: 1 },
        ],
      ],
    );
  });

  it('rates, places and triages each vulnerability', () => {
    const { vulnerabilities } = bomOf(fullReport());
    assert.deepEqual(
      vulnerabilities.map(({ id, affects, ratings }) => [id, affects[0]?.ref, affects[0]?.versions, ratings[0]]),
      [
        [
          'CVE-2021-35042',
          'pkg:pypi/django@3.2.0',
          [{ version: '3.2.0', status: 'affected' }],
          {
            score: 9.8,
            severity: 'critical',
            method: 'CVSSv31',
            vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
          },
        ],
        [
          'CVE-2022-1',
          'pkg:pypi/django@3.2.0',
          [{ version: '3.2.0', status: 'affected' }],
          { severity: 'medium', method: 'other' },
        ],
        [
          'MAL-2024-1',
          'pkg:pypi/evil@1.0%2Bx',
          [{ version: '1.0+x', status: 'affected' }],
          { severity: 'critical', method: 'other' },
        ],
        [
          'CVE-2024-22195',
          'pkg:pypi/jinja2',
          [{ range: 'vers:pypi/>=2|<3.1.3', status: 'affected' }],
          {
            score: 7.5,
            severity: 'high',
            method: 'CVSSv31',
            vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
          },
        ],
      ],
    );
    assert.deepEqual(vulnerabilities[0]?.analysis, { state: 'in_triage' });
    assert.deepEqual(vulnerabilities[1]?.analysis, {
      state: 'in_triage',
      response: ['will_not_fix'],
      detail: 'Ignored until 2027-01-31: not reached.',
    });
  });

  it('joins the packages of one vulnerability, but not where one of them is ignored', () => {
    const django = (name: string, changes = {}) => ({ ...pinned(name, '1'), outcome: assessed([finding(changes)]) });
    const { vulnerabilities } = bomOf({
      ...cleanReport(),
      files: [
        {
          path: 'r.txt',
          requirements: [django('a'), django('b'), django('c', { ignored: { reason: 'x', until: null } })],
          problems: [],
        },
      ],
    });
    assert.deepEqual(
      vulnerabilities.map((one) => [one['bom-ref'], one.affects.map(({ ref }) => ref)]),
      [
        ['CVE-2021-35042', ['pkg:pypi/a@1', 'pkg:pypi/b@1']],
        ['CVE-2021-35042#2', ['pkg:pypi/c@1']],
      ],
    );
  });

  it('says what somebody has found out, as VEX documents have it', () => {
    const analysisOf = (ignored: Ignored): unknown => {
      const requirement = { ...pinned('a', '1'), outcome: assessed([finding({ ignored })]) };
      const files = [{ path: 'r.txt', requirements: [requirement], problems: [] }];
      return bomOf({ ...cleanReport(), files }).vulnerabilities[0]?.analysis;
    };
    const stated = (vex: VexStatement): unknown => analysisOf({ reason: 'why', until: null, vex });
    const detail = 'Ignored: why.';
    assert.deepEqual(stated({ status: 'fixed' }), { state: 'resolved', detail });
    assert.deepEqual(stated({ status: 'not_affected', justification: 'vulnerable_code_not_in_execute_path' }), {
      state: 'not_affected',
      justification: 'code_not_reachable',
      detail,
    });
    assert.deepEqual(stated({ status: 'not_affected' }), { state: 'not_affected', detail });
  });

  it('says of one release what holds, where only one of two lines ignores it', () => {
    const line = (changes = {}) => ({ ...pinned('a', '1'), outcome: assessed([finding(changes)]) });
    const requirements = [line({ ignored: { reason: 'x', until: null } }), line()];
    const files = [{ path: 'r.txt', requirements, problems: [] }];
    assert.deepEqual(
      bomOf({ ...cleanReport(), files }).vulnerabilities.map(({ analysis }) => analysis),
      [{ state: 'in_triage' }],
    );
  });

  it('knows licences, kinds of weakness and dates where somebody said them', () => {
    const licensed = (name: string, licence: Licence) => ({
      ...pinned(name, '1'),
      licence,
      outcome: assessed([finding({ cwes: ['CWE-79', 'CWE-1321'], published: '2021-07-02T00:00:00Z' })]),
    });
    const bom = bomOf({
      ...cleanReport(),
      files: [
        {
          path: 'r.txt',
          requirements: [
            licensed('a', { expression: 'MIT OR Apache-2.0', classifiers: [] }),
            licensed('b', { text: 'New <BSD>', classifiers: ['OSI Approved :: BSD License'] }),
            licensed('c', { classifiers: [] }),
          ],
          problems: [],
        },
      ],
    });
    assert.deepEqual(
      bom.components.map(({ licenses }) => licenses),
      [
        [{ expression: 'MIT OR Apache-2.0', acknowledgement: 'declared' }],
        [
          { license: { name: 'New <BSD>', acknowledgement: 'declared' } },
          { license: { name: 'BSD License', acknowledgement: 'declared' } },
        ],
        undefined,
      ],
    );
    const [one] = bom.vulnerabilities;
    assert.deepEqual([one?.cwes, one?.published, one?.updated], [[79, 1321], '2021-07-02T00:00:00Z', undefined]);
  });

  it('calls incomplete what was not assessed, and says why', () => {
    const bom = bomOf(fullReport());
    assert.deepEqual(bom.compositions, [
      { aggregate: 'incomplete', assemblies: ['pkg:pypi/six@1.0', 'pkg:pypi/attrs'] },
    ]);
    assert.equal(valueOf(bom.metadata.properties, 'complete'), 'false');
    assert.equal(valueOf(bom.components[2]?.properties, 'outcome'), 'failed');
    assert.match(valueOf(bom.components[2]?.properties, 'reason') ?? '', /^timeout: /u);
    const unread = bom.metadata.properties.filter(({ name }) => name === 'pinwatch:unread').map(({ value }) => value);
    assert.deepEqual(unread, [
      '"locked.txt" could not be read (EACCES).',
      'app/requirements dev.txt:3: This is no requirement.',
    ]);
    assert.equal(valueOf(bomOf(cleanReport()).metadata.properties, 'complete'), 'true');
    assert.equal(bomOf(cleanReport()).compositions, undefined);
  });

  it('refers only to components that it lists, by references that are unique', () => {
    const bom = bomOf(fullReport());
    const refs = [...bom.components, ...bom.vulnerabilities].map((one) => one['bom-ref']);
    assert.equal(new Set(refs).size, refs.length);
    for (const { ref } of bom.vulnerabilities.flatMap(({ affects }) => affects)) {
      assert.ok(refs.includes(ref), ref);
    }
  });
});

interface Vex {
  readonly '@context': string;
  readonly '@id': string;
  readonly timestamp: string;
  readonly version: number;
  readonly tooling: string;
  readonly statements: readonly {
    readonly vulnerability: { readonly name: string };
    readonly products: readonly { readonly '@id': string }[];
    readonly status: string;
    readonly action_statement?: string;
    readonly justification?: string;
    readonly impact_statement?: string;
    readonly status_notes?: string;
  }[];
}

const vexOf = (report: ScanReport, time = context.time): Vex =>
  JSON.parse(openvexReport(report, { ...context, time })) as Vex;

describe('OpenVEX', () => {
  it('states what is affected and what to do, and what is not settled', () => {
    const vex = vexOf(fullReport());
    assert.deepEqual([vex['@context'], vex.timestamp, vex.version], ['https://openvex.dev/ns/v0.2.0', context.time, 1]);
    assert.deepEqual(
      vex.statements.map(({ vulnerability, products, status, action_statement: action }) => [
        vulnerability.name,
        products[0]?.['@id'],
        status,
        action,
      ]),
      [
        [
          'CVE-2021-35042',
          'pkg:pypi/django@3.2.0',
          'affected',
          'Fixed in 3.1.13, 3.2.5. Nearest version without known advisories: 3.2.5.',
        ],
        [
          'CVE-2022-1',
          'pkg:pypi/django@3.2.0',
          'affected',
          'No fixed version known. Ignored until 2027-01-31: not reached.',
        ],
        ['CVE-2020-9', 'pkg:pypi/six@1.0', 'under_investigation', undefined],
        ['MAL-2024-1', 'pkg:pypi/evil@1.0%2Bx', 'affected', 'Remove it and rotate every secret it could have read.'],
        [
          'CVE-2024-22195',
          'urn:pinwatch:requirement:app%2Frequirements%20dev.txt:7:jinja2:%3E%3D2',
          'under_investigation',
          undefined,
        ],
      ],
    );
    assert.match(vex.statements[2]?.status_notes ?? '', /the last one failed/u);
  });

  it('says again what a VEX document says, and nothing else of that release', () => {
    const line = (ignored?: Ignored) => ({ ...pinned('a', '1'), outcome: assessed([finding({ ignored })]) });
    const statementsFor = (...lines: readonly ReturnType<typeof line>[]): Vex['statements'] =>
      vexOf({ ...cleanReport(), files: [{ path: 'r.txt', requirements: lines, problems: [] }] }).statements;
    const stated = (vex: VexStatement): Ignored => ({ reason: 'why', until: null, vex });
    const [justified] = statementsFor(line(stated({ status: 'not_affected', justification: 'component_not_present' })));
    assert.deepEqual(
      [justified?.status, justified?.justification, justified?.impact_statement, justified?.action_statement],
      ['not_affected', 'component_not_present', undefined, undefined],
    );
    assert.equal(statementsFor(line(stated({ status: 'not_affected' })))[0]?.impact_statement, 'why');
    assert.equal(statementsFor(line(stated({ status: 'fixed' })))[0]?.status, 'fixed');
    const both = statementsFor(line(stated({ status: 'fixed' })), line());
    assert.deepEqual(
      both.map(({ status }) => status),
      ['affected'],
    );
  });

  it('says one thing of each release, whatever its lines and other files say of it', () => {
    const line = (name: string, more: Partial<Finding>): AssessedRequirement => ({
      ...pinned(name, '1'),
      outcome: assessed([finding({ id: 'CVE-1', ...more })]),
    });
    const ignoredHere = { ignored: { reason: 'not reached', until: null } };
    const lines = [line('Flask', ignoredHere), line('flask', {}), line('FLASK', { barred: 'c.txt bars FLASK 2.' })];
    const { statements } = vexOf({
      ...cleanReport(),
      files: lines.map((one, at) => ({ path: `${at}.txt`, requirements: [one], problems: [] })),
    });
    assert.equal(statements.length, 1);
    assert.deepEqual(
      statements[0]?.products.map((product) => product['@id']),
      ['pkg:pypi/flask@1'],
    );
    assert.doesNotMatch(statements[0]?.action_statement ?? '', /Ignored/u, 'what counts is not hidden');
  });

  it('makes one statement of ranges that are under investigation', () => {
    const range = (name: string, barred: string): AssessedRequirement => ({
      ...pinned(name, '1'),
      version: null,
      specifier: '<3',
      outcome: { ...assessed([finding({ id: 'CVE-1', barred })]), verdict: 'possiblyVulnerable' },
    });
    const { statements } = vexOf({
      ...cleanReport(),
      files: ['Flask', 'flask'].map((name, at) => ({
        path: `${at}.txt`,
        requirements: [range(name, `c.txt bars ${name}.`)],
        problems: [],
      })),
    });
    assert.deepEqual(
      statements.map(({ products }) => products.length),
      [2],
    );
  });

  it('never says "not affected" by itself, and says when it is incomplete', () => {
    assert.deepEqual(vexOf(cleanReport()).statements, []);
    assert.match(
      vexOf(fullReport()).tooling,
      /incomplete \(1 of 6 requirements could not be checked, 1 of 6 requirements not assessed, /u,
    );
    assert.doesNotMatch(vexOf(cleanReport()).tooling, /incomplete/u);
  });

  it('has an id of its contents and its time', () => {
    const id = vexOf(fullReport())['@id'];
    assert.match(id, /^https:\/\/openvex\.dev\/docs\/public\/vex-[0-9a-f]{16}$/u);
    assert.equal(vexOf(fullReport())['@id'], id);
    assert.notEqual(vexOf(fullReport(), '2026-11-22T00:00:00Z')['@id'], id);
    assert.notEqual(vexOf(cleanReport())['@id'], id);
  });
});
