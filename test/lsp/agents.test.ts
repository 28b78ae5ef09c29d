import assert from 'node:assert/strict';
import type { Diagnostic } from 'vscode-languageserver-protocol';
import { assessed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';

const folder = 'file:///project';
const uri = `${folder}/requirements.txt`;
const constraints = `${folder}/constraints.txt`;

/** What a program needs to fix a file from what was published alone: no hover, no code action, no command. */
describe('diagnostics for a program that fixes', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  beforeEach(async () => {
    environment = new FakeEnvironment();
    const worst = finding({
      id: 'CVE-2021-35042',
      records: ['GHSA-xpfp-f569-q3p2', 'PYSEC-2021-109'],
      severity: 'critical',
      score: 9.8,
      summary: 'SQL injection.',
      nearestFix: '3.2.5',
    });
    const other = finding({ id: 'CVE-2021-2', records: ['PYSEC-2'], severity: 'low', score: 3.1, summary: 'Slow.' });
    environment.scanner.truth.set('django==3.2.0', assessed([worst, { ...other, fixedVersions: ['3.2.4'] }]));
    client = await TestClient.start(environment, {
      folders: [folder],
      capabilities: {
        textDocument: {
          publishDiagnostics: { relatedInformation: true, dataSupport: true, codeDescriptionSupport: true },
        },
      },
    });
  });

  afterEach(() => client.stop());

  async function published(text: string): Promise<readonly Diagnostic[]> {
    await client.open(uri, text);
    await client.waitForStatus('the answers', ({ state }) => state !== 'scanning');
    return client.diagnostics(uri) ?? [];
  }

  it('name the advisories, the package, the version and the fix; the range is what to replace', async () => {
    const text = 'six==1.16.0\nDjango[argon2] == 3.2.0  # web\n';
    const [one, ...rest] = await published(text);
    assert.deepEqual(rest, []);
    assert.equal(one?.source, 'pinwatch');
    assert.equal(one.code, 'CVE-2021-35042');
    assert.match(one.codeDescription?.href ?? '', /^https:/u);
    assert.deepEqual(one.data, {
      ids: ['CVE-2021-35042', 'CVE-2021-2'],
      records: ['GHSA-xpfp-f569-q3p2', 'PYSEC-2021-109', 'PYSEC-2'],
      package: 'django',
      version: '3.2.0',
      fix: '3.2.5',
    });
    assert.deepEqual(
      one.relatedInformation?.map(({ message, location }) => [location.uri, message]),
      [[uri, 'CVE-2021-2 (low 3.1): Slow. Fixed in 3.2.4.']],
    );
    const { start, end } = one.range;
    const { fix } = one.data as { readonly fix: string };
    assert.equal(start.line, end.line);
    const lines = text.split('\n');
    const line = lines[start.line] ?? '';
    lines[start.line] = line.slice(0, start.character) + fix + line.slice(end.character);
    const fixed = `${folder}/fixed/requirements.txt`;
    await client.open(fixed, lines.join('\n'));
    await client.waitForStatus('the answer', ({ state, requirements }) => state === 'idle' && requirements === 4);
    assert.deepEqual(client.diagnostics(fixed), []);
    assert.equal(lines[1], 'Django[argon2] == 3.2.5  # web');
  });

  it('have the place of the pin where that is in another file', async () => {
    environment.disk.set(constraints, 'django==3.2.0\n');
    const found = await published('-c constraints.txt\ndjango\n');
    const one = found.find(({ code }) => code === 'CVE-2021-35042');
    const pin = one?.relatedInformation?.find(({ message }) => message === 'Its version is pinned here.');
    assert.deepEqual(pin?.location, {
      uri: constraints,
      range: { start: { line: 0, character: 8 }, end: { line: 0, character: 13 } },
    });
    assert.equal((one?.data as { readonly fix: string }).fix, '3.2.5');
  });

  it('have a code that says what else is wrong, and no fix where there is none', async () => {
    const malicious = finding({ id: 'MAL-2025-1', severity: 'malicious', score: null, nearestFix: '2.0' });
    environment.scanner.truth.set('evil==1.0', assessed([malicious]));
    const found = await published('evil==1.0\nflask=1.0\n');
    assert.deepEqual(
      found.map(({ code, data }) => [code, (data as { readonly fix?: unknown } | undefined)?.fix]),
      [
        ['MAL-2025-1', null],
        ['requirement.invalid-specifier', undefined],
      ],
    );
  });
});
