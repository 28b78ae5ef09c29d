import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { translatedMessages } from '../../support/translatedMessages.ts';

const root = path.resolve(import.meta.dirname, '../../..');

function messages(file: string): ReadonlyMap<string, string> {
  return new Map(Object.entries(JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Record<string, string>));
}

function sorted(keys: Iterable<string>): readonly string[] {
  return [...new Set(keys)].sort();
}

/** `{0}`, `{1}` …, commands of links, and settings that are linked to. */
function placeholders(text: string): readonly string[] {
  return [...text.matchAll(/\{\d+\}|\(command:[^)]*\)|`#[^#]*#`/gu)].map(([found]) => found).sort();
}

describe('translations of the manifest', () => {
  const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
  const used = sorted([...manifest.matchAll(/"%([^%"\\]+)%"/gu)].map(([, key = '']) => key));
  const english = messages('package.nls.json');
  const german = messages('package.nls.de.json');

  it('have exactly the keys that package.json uses', () => {
    assert.ok(used.length > 50);
    assert.deepEqual(sorted(english.keys()), used);
    assert.deepEqual(sorted(german.keys()), used);
  });

  it('have the same links and settings in both languages, and no empty text', () => {
    for (const [key, text] of english) {
      const translated = german.get(key) ?? '';
      assert.notEqual(translated.trim(), '', key);
      assert.deepEqual(placeholders(translated), placeholders(text), key);
    }
  });

  it('leave no words in package.json itself', () => {
    const wordy = /"(?:title|description|markdownDescription|altText|contents)": "(?!%)([^"]*)"/gu;
    assert.deepEqual(
      [...manifest.matchAll(wordy)].map(([, text]) => text),
      [],
      'run `node tools/extractManifestStrings.ts`, then add the German',
    );
  });
});

describe('translations of the client', () => {
  const spoken = translatedMessages(path.join(root, 'client/src'));

  it('have exactly the messages of the source', () => {
    assert.ok(spoken.length > 50);
    const { l10n } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { readonly l10n: string };
    const bundle = path.join(l10n, 'bundle.l10n.de.json');
    assert.ok(existsSync(path.join(root, bundle)));
    const german = messages(bundle);
    assert.deepEqual(sorted(german.keys()), sorted(spoken.map(({ message }) => message)));
    for (const [message, translated] of german) {
      assert.notEqual(translated.trim(), '', message);
      assert.deepEqual(placeholders(translated), placeholders(message), message);
    }
  });
});
