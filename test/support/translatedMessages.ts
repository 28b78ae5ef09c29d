import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export interface TranslatedMessage {
  readonly message: string;
  readonly where: string;
}

/** The first argument of every `t(…)` and `l10n.t(…)` below a folder. Throws at one that is no plain text. */
export function translatedMessages(folder: string): readonly TranslatedMessage[] {
  return globSync('**/*.ts', { cwd: folder }).flatMap((file) => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    const found: TranslatedMessage[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isTranslate(node.expression)) {
        const [message] = node.arguments;
        const where = `${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
        if (message === undefined || !ts.isStringLiteralLike(message)) {
          // `t(message, …)` where a translation is passed on.
          if (message !== undefined && ts.isIdentifier(message)) return;
          throw new Error(`${where}: only plain text can be translated`);
        }
        found.push({ message: message.text, where });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

function isTranslate(callee: ts.Expression): boolean {
  return (
    (ts.isIdentifier(callee) ? callee : ts.isPropertyAccessExpression(callee) ? callee.name : undefined)?.text === 't'
  );
}
