import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export interface WrittenSentence {
  /** With `§` for each value. */
  readonly text: string;
  readonly where: string;
}

/**
 * Every literal and template below a folder that reads as a sentence: several words, a capital or a value first, a full stop last.
 * Messages of `t` are not among them.
 */
export function writtenSentences(root: string, folder: string): readonly WrittenSentence[] {
  return globSync('**/*.ts', { cwd: path.join(root, folder) }).flatMap((name) => {
    const file = path.join(folder, name);
    const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
    const found: WrittenSentence[] = [];
    const visit = (node: ts.Node): void => {
      const text = ts.isStringLiteralLike(node)
        ? node.text
        : ts.isTemplateExpression(node)
          ? node.head.text + node.templateSpans.map(({ literal }) => `§${literal.text}`).join('')
          : undefined;
      if (
        text !== undefined &&
        !isMessage(node) &&
        /^(?:[A-Z§"]|pip )[^\n]* [^\n]*[.)]$/u.test(text) &&
        /[a-z]{2} [a-z§]/u.test(text)
      ) {
        found.push({ text, where: `${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}` });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

function isMessage({ parent }: ts.Node): boolean {
  return ts.isCallExpression(parent) && /(?:^|\.)t$/u.test(parent.expression.getText());
}
