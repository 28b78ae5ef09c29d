import assert from 'node:assert/strict';
import { Opening } from '../../../../../server/src/project/workspace/changes/opening.ts';
import { defaultSettings } from '../../../../../protocol/settings.ts';

describe('a large document that is read before it is opened', () => {
  const steps = (name: string, text: string): number => {
    let told = 0;
    const document = { uri: `file:///shop/${name}`, languageId: undefined, version: 1 };
    const opening = new Opening(document, text, defaultSettings, () => told++);
    opening.finish();
    assert.equal(opening.file.file.text, text);
    assert.ok(opening.file.file.entries.length >= 1_000);
    return told;
  };

  it('is read piece by piece where a piece is read by itself', () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => `package-${index}==1.0`);
    assert.ok(steps('requirements.txt', lines.join('\n')) > 5);
  });

  it('is read once where each piece would have all before it read again', () => {
    const packages = Array.from({ length: 1_000 }, (_, index) => `[[package]]\nname = "p-${index}"\nversion = "1.0"\n`);
    assert.equal(steps('uv.lock', packages.join('\n')), 1);
  });
});
