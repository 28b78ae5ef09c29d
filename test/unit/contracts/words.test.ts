import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '../../..');

/** The words of CONTRIBUTING.md that a text for people must not have. */
const worst =
  /\b(?:admit(?:s|ting)?|looked after|passed over|under way|anew|whoever|heed(?:s|ed)?|put right|left aside|(?:is|are) told|tells? of)\b/iu;

describe('texts for people', () => {
  for (const folder of ['client/src', 'server/src', 'protocol']) {
    it(`in the code of ${folder} have none of the words that CONTRIBUTING.md replaces`, () => {
      const files = globSync(`${folder}/**/*.ts`, { cwd: root });
      assert.ok(files.length > 0);
      const found = files.flatMap((file) => stringsIn(file).map((text) => `${file}: ${text}`));
      assert.deepEqual(
        found.filter((text) => worst.test(text)),
        [],
      );
    });
  }

  it('in the manifest, the README and the pages of docs have none, either', () => {
    const pages = [
      'README.md',
      'CHANGELOG.md',
      'npm/README.md',
      'package.nls.json',
      ...globSync('docs/{.,ci,decisions,measurements}/*.md', { cwd: root }),
    ];
    const found = pages.flatMap((file) =>
      readFileSync(path.join(root, file), 'utf8')
        .split('\n')
        .map((line, index) => `${file}:${index + 1}: ${line}`),
    );
    assert.deepEqual(
      found.filter((line) => worst.test(line)),
      [],
    );
  });
});

/** Every literal that a person may read; comments and names are not among them. */
function stringsIn(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      found.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
