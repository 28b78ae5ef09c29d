import { constraintText } from './words/constraintText.ts';
import { requiredByIn } from '../assessment/requiredBy.ts';
import { askedName, type Manifest } from '../manifests/manifest.ts';
import { disabled, type Disabled, type FixEdit, type Rewrite, shown, type TextChange } from '../manifests/rewrite.ts';

/** A `FixEdit` over several files. */
export type FilesEdit = { readonly kind: 'edit'; readonly edits: readonly SourcedEdit[] } | Disabled;

export interface SourcedEdit {
  readonly source: string;
  /** The entry that is changed. */
  readonly index: number;
  /** As in `FixEdit`. */
  readonly changes: readonly TextChange[];
}

export interface SourcedFile {
  /** The file's path or URI, one way throughout. */
  readonly source: string;
  readonly file: Manifest;
}

export interface SourcedItem extends SourcedFile {
  readonly index: number;
}

/** The edit that makes the entry at `index` ask for something else; a file that is only read says so. */
export function rewriteEntry({ file, index }: Omit<SourcedItem, 'source'>, to: Rewrite): FixEdit {
  return file.rewrite?.(index, to) ?? disabled(readOnlyText(file, index, to));
}

function readOnlyText(file: Manifest, index: number, to: Rewrite): string {
  const content = file.contentOf(index);
  const name = askedName(content);
  const what = name === undefined ? 'This entry' : shown(name);
  const again = name && file.kind.lockAgain?.(name.normalized);
  if (again !== undefined) {
    const [direct] = requiredByIn(file)?.(index)?.chain ?? [];
    const where = file.kind.id === 'environment' ? 'installed in an environment' : 'in a lock';
    const first =
      direct === undefined
        ? 'Its declaration has to allow a safe version.'
        : `If ${direct} does not allow a safe version, raise ${direct} first.`;
    const bound =
      direct === undefined || name === undefined ? undefined : constraintText(file.kind.id, name.normalized, to);
    const rest = bound === undefined || file.kind.id === 'environment' ? '' : ` ${bound}`;
    return `${what} is ${where}, which Pinwatch only reads. Run: ${again}. ${first}${rest}`;
  }
  return `${what} is in a file that Pinwatch only reads: change what the file is made from, and make it again.`;
}
