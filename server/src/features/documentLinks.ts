import type { Range } from '../core/text/position.ts';
import type { DocumentLink } from 'vscode-languageserver-types';
import { plainText } from '../core/text/plainText.ts';
import type { Manifest } from '../core/manifests/manifest.ts';
import { english, type Words } from '../core/words/words.ts';
import { webAddress } from './webAddress.ts';
import { fileName } from './actions/workspaceEdit.ts';

/** An included file that may be opened: it lies where includes are followed. */
export interface FileLink {
  readonly range: Range;
  readonly uri: string;
}

/** Links to the included files and to the web addresses that the file names. What is no plain https is left alone. */
export function documentLinks(file: Manifest, includes: readonly FileLink[], { t }: Words = english): DocumentLink[] {
  const addresses = file.links.flatMap(({ text, range }) => {
    const target = webAddress(text);
    return target === undefined
      ? []
      : [{ range, target, tooltip: t('Open {0}', plainText(target.replace(/^https:\/\//u, ''), 100)) }];
  });
  const files = includes.map(({ range, uri }) => ({
    range,
    target: uri,
    tooltip: t('Open {0}', plainText(fileName(uri), 100)),
  }));
  return [...files, ...addresses].sort(byPlace);
}

function byPlace(a: DocumentLink, b: DocumentLink): number {
  return a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character;
}
