import assert from 'node:assert/strict';
import path from 'node:path';
import { translatedWords } from '../../../server/src/core/words/translatedWords.ts';
import { languages } from '../../../server/src/main/languages.ts';
import { translatedMessages } from '../../support/translatedMessages.ts';
import { writtenSentences } from '../../support/writtenSentences.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const german = languages.get('de');
assert.ok(german !== undefined);
const { said } = translatedWords(german);

function placeholders(text: string): readonly string[] {
  return [...text.matchAll(/\{\d/gu)].map(([found]) => found).sort();
}

describe('the German of the server', () => {
  it('has exactly the messages of the source', () => {
    const keys = Object.values(german.messages).flatMap((area) => Object.keys(area));
    const used = new Set(translatedMessages(path.join(root, 'server/src')).map(({ message }) => message));
    assert.deepEqual([...new Set(keys)].sort(), [...used].sort());
  });

  it('has no empty text, and the same places in both languages', () => {
    for (const kind of [german.messages, german.sentences, german.parts]) {
      for (const [english, translation] of Object.values(kind).flatMap((area) => Object.entries(area))) {
        assert.notEqual(translation.trim(), '', english);
        assert.deepEqual(placeholders(translation), placeholders(english), english);
      }
    }
  });

  for (const folder of ['core', 'engine', 'features', 'hosts', 'lsp', 'project']) {
    it(`has every sentence that server/src/${folder} writes for readers of an editor`, () => {
      const left = writtenSentences(root, `server/src/${folder}`).filter(({ text, where }) => {
        // What goes before is a sentence by itself.
        const sample = text.replace(/^§ (?=[A-Z])/u, '').replaceAll('§', 'X');
        return !notInEditors.some((one) => where.includes(one) || text === one) && said(sample) === sample;
      });
      assert.deepEqual(
        left.map(({ text, where }) => `${where}: ${text}`),
        [],
      );
    });
  }
});

/** Where texts are for the command line, reports, schemas, figures or the log; and what is only a part of others. */
const notInEditors: readonly string[] = [
  'core/report/formats',
  'core/report/reportPage.ts',
  'core/versions/versionOperations.ts',
  'core/packages/licenceClassifiers.ts',
  'core/config/configSchema.ts',
  'core/config/configShape.ts',
  'core/assessment/policyFinding.ts',
  'features/metrics.ts',
  'hosts/node/files/write/changeFile.ts',
  'hosts/node/locks/',
  'hosts/node/http/autoClient.ts',
  'hosts/node/cache/redis/redisTrouble.ts',
  'hosts/node/http/requestObserver.ts',
  'lsp/lifecycle.ts',
  'lsp/metricsPort.ts',
  'lsp/publish/statusPublisher.ts',
  'lsp/tasks/engineHolder.ts',
  'lsp/upkeep/offlineQueueRunner.ts',
  'lsp/handlers/didChange.ts',
  'lsp/handlers/didOpen.ts',
  'project/checker.ts',
  'project/judge.ts',
  'This editor offers no network to language servers, so requests are sent directly.',
  'The cache "§" is written again.',
  '§ of the cache "§" §.',
  'The cache was cleared: §.',
  'The local advisory database could not be used and was renamed to "§".',
  'The local advisory database was §: § written.',
  'Checking § of §.',
  'The editor answered § of § questions about the settings.',
  'Requests took longer.',
  "Pinwatch's own work took longer.",
  // Of programs that ask for something that is not there.
  'Files to rescan are named so: { "uris": ["file:///…"] }.',
  'The file to import has to be named: { "uri": "file:///…" }.',
  'Pinwatch has no command "§".',
  'A report has one of these formats: §.',
  'An ignore has a text, an id, a reason and perhaps a day.',
  'What is no longer ignored has a text, a file and ids.',
  // Names of Pythons.
  'Python § (§)',
  'Python § (header of §)',
  // Put together from sentences that are there; `test/unit/core/words` has examples.
  '§ allows releases with § more known §.',
  'The line holds § (§): remove §.',
  '§§ Nearest version without known advisories: §.',
  '§ pip before 24.1 accepted it.',
  '§, but its source § is not there: change it where it is and compile again.',
  '§: change it there and compile again.',
  'It is installed from a file: name a file of §, or require it by version.',
  '§, but this line is for §.',
  '§ could not be reached§.',
  '§ It is asked again §.',
  'The proxy § §.',
  '§ of earlier scans wait.',
];
