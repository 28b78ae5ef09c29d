import * as vscode from 'vscode';
import { eventually } from './eventually.ts';

/** The diagnostics of Pinwatch on a document, from the first line on. */
export function shownIn(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source === 'pinwatch')
    .sort((a, b) => a.range.start.compareTo(b.range.start));
}

/** The codes of problems, and the ids of the advisories that stand beside each. */
export function codesIn(uri: vscode.Uri): readonly string[] {
  return codesOf(shownIn(uri));
}

export function codesOf(diagnostics: readonly vscode.Diagnostic[]): readonly string[] {
  return diagnostics
    .flatMap(({ code, relatedInformation = [] }) => [
      String(typeof code === 'object' ? code.value : code),
      ...relatedInformation.flatMap(({ message }) => /^[A-Z]+-[\w-]+(?= \()/u.exec(message) ?? []),
    ])
    .sort();
}

/** Resolves with the diagnostics once their codes are these, whatever the order. */
export function findings(uri: vscode.Uri, codes: readonly string[]): Promise<readonly vscode.Diagnostic[]> {
  const wanted = [...codes].sort().join();
  return findingsWhere(uri, wanted || 'nothing', (found) => found.join() === wanted);
}

/** Resolves with the diagnostics once their codes, sorted, are as `holds` wants them. */
export async function findingsWhere(
  uri: vscode.Uri,
  wanted: string,
  holds: (codes: readonly string[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  await eventually(
    vscode.languages.onDidChangeDiagnostics,
    () => holds(codesIn(uri)),
    () => `${uri.toString()} has ${codesIn(uri).join() || 'nothing'} instead of ${wanted}`,
  );
  return shownIn(uri);
}
