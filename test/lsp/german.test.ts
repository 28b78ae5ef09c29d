import assert from 'node:assert/strict';
import type { CodeAction, CodeLens, CompletionList, Hover } from 'vscode-languageserver-protocol';
import { serverCommands } from '../../protocol/ids.ts';
import { reportMethod } from '../../protocol/messages/report.ts';
import { normalizeName } from '../../server/src/core/packages/packageName.ts';
import { packageKnowledge } from '../../server/src/engine/store/packageKnowledge.ts';
import { assessed, failed, finding, noon } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { type ClientOptions, TestClient } from '../support/lspHarness.ts';
import { advisory } from '../unit/core/advisories/advisoryBuilder.ts';

const django = normalizeName('django');
const uri = 'file:///project/requirements.txt';
const text = ['django==3.2.0', 'flask=1.0', './local', 'jinja2==2.0', ''].join('\n');
const start = { line: 0, character: 0 };

describe('language server, in German', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  async function open(options: ClientOptions): Promise<void> {
    client = await TestClient.start(environment, {
      ...options,
      capabilities: {
        textDocument: {
          hover: { contentFormat: ['markdown'] },
          publishDiagnostics: { relatedInformation: true, dataSupport: true, codeDescriptionSupport: true },
          codeAction: {
            codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } },
            disabledSupport: true,
            isPreferredSupport: true,
          },
        },
        workspace: { workspaceEdit: { documentChanges: true }, applyEdit: true },
      },
    });
    await client.open(uri, text);
    await client.waitForStatus('the answers', ({ state }) => state !== 'scanning');
  }

  const messages = () =>
    client.published.at(-1)?.diagnostics.map(({ range, message }) => [range.start.line, message] as const) ?? [];

  beforeEach(() => {
    environment = new FakeEnvironment();
    environment.scanner.truth.set(
      'django==3.2.0',
      assessed([
        finding({
          id: 'CVE-2021-35042',
          severity: 'critical',
          score: 9.8,
          summary: 'SQL injection.',
          nearestFix: '3.2.5',
        }),
        finding({ id: 'CVE-2021-2', severity: 'medium', score: null, summary: 'Slow.', fixedVersions: ['3.2.4'] }),
      ]),
    );
    environment.scanner.truth.set(
      'jinja2==2.0',
      failed({
        reason: 'rateLimited',
        message: 'osv.test asks for fewer requests (HTTP 429). It is asked again not before 9 s from now.',
      }),
    );
    const ranges = [
      [
        { kind: 'introduced', version: '3.2' },
        { kind: 'fixed', version: '3.2.5' },
      ] as const,
    ];
    const affected = [{ name: django, versions: ['3.2.0', '3.2.4'], ranges }];
    const advisories = [advisory({ id: 'PYSEC-1', affected })];
    const held = packageKnowledge({ name: django, advisories, checkedAt: noon, fetchedAt: noon });
    environment.scanner.packages.set(django, held);
  });

  afterEach(() => client.stop());

  const starts: readonly ClientOptions[] = [
    { initialize: { locale: 'de-AT' } },
    { initializationOptions: { language: 'de' }, initialize: { locale: 'en' } },
  ];
  for (const options of starts) {
    it(`says everything in it to a client that begins with ${JSON.stringify(options)}`, async () => {
      await open(options);
      assert.deepEqual(messages(), [
        [
          0,
          'django 3.2.0 hat 2 bekannte Schwachstellen (schwerste: kritisch 9.8, CVE-2021-35042). Aktualisieren Sie auf 3.2.5.',
        ],
        [
          3,
          'jinja2 2.0 konnte nicht geprüft werden: osv.test bittet um weniger Anfragen (HTTP 429). Die nächste Anfrage folgt frühestens in 9 s. Es kann verwundbar sein.',
        ],
        [1, '"=" ist kein Operator; verwenden Sie "==". Berichtigen Sie die Angabe von flask.'],
      ]);
      const [worst] = client.published.at(-1)?.diagnostics ?? [];
      assert.deepEqual(
        worst?.relatedInformation?.map(({ message }) => message),
        ['CVE-2021-2 (mittel): Slow. Behoben in 3.2.4.'],
      );
      assert.equal(worst.code, 'CVE-2021-35042');
    });
  }

  it('has the German of hover, lens, light bulb, completion, status, list and errors', async () => {
    await open({ initialize: { locale: 'de' }, findings: true });
    const hover = await client.ask<Hover>('textDocument/hover', uri, { position: start });
    const shown = JSON.stringify(hover.contents).replaceAll('\\', '');
    for (const part of [
      'hat **2 bekannte Schwachstellen**: 1 kritisch, 1 mittel',
      '| Sicherheitshinweis |',
      'Geprüft gerade eben gegen',
    ]) {
      assert.ok(shown.includes(part), `${part} in ${shown}`);
    }
    const [lens] = await client.ask<readonly CodeLens[]>('textDocument/codeLens', uri);
    assert.equal(
      lens?.command?.title,
      '1 verwundbar, 1 behebbar · 2 nicht geprüft · 1 von 4 nicht bewertet · neu prüfen',
    );
    const range = { start, end: start };
    const actions = await client.ask<readonly CodeAction[]>('textDocument/codeAction', uri, {
      range,
      context: { diagnostics: [] },
    });
    assert.deepEqual(
      actions.map(({ title, disabled }) => disabled?.reason ?? title),
      ['django auf 3.2.5 ändern (nächste sichere, Patch, nicht überprüft)'],
    );
    const position = { line: 0, character: 'django==3.2'.length };
    const list = await client.ask<CompletionList>('textDocument/completion', uri, { position });
    assert.deepEqual(
      list.items.map(({ label, detail }) => [label, detail]),
      [
        ['3.2.0', 'verwundbar: PYSEC-1'],
        ['3.2.5', 'behobene Version, kein bekannter Sicherheitshinweis'],
        ['3.2.4', 'verwundbar: PYSEC-1'],
      ],
    );
    assert.match(client.statuses.at(-1)?.message ?? '', /^osv\.test bittet um weniger Anfragen/u);
    await assert.rejects(
      client.execute(serverCommands.fixAll, { uris: ['file:///project/other.txt'] }),
      /Dies ist keine Requirements-Datei, die Pinwatch verfolgt/u,
    );
  });

  it('leaves reports for programs in English', async () => {
    await open({ initialize: { locale: 'de' } });
    const { text: json } = await client.request<{ readonly text: string }>(reportMethod, { format: 'json' });
    assert.match(json, /"reason": "rateLimited: osv\.test asks for fewer requests/u);
    const { text: page } = await client.request<{ readonly text: string }>(reportMethod, { format: 'page' });
    assert.match(page, /^# Pinwatch-Bericht/u);
    assert.match(page, /## Konnte nicht geprüft werden/u);
  });

  it('speaks English to all others, whatever they say they read', async () => {
    await open({ initialize: { locale: 'tlh-KX' } });
    assert.match(JSON.stringify(messages()[0]), /django 3\.2\.0 has 2 known vulnerabilities/u);
  });
});
