import assert from 'node:assert/strict';
import type { FixEdit } from '../../../../../../server/src/core/manifests/rewrite.ts';
import { applyEdits } from '../../../../../../server/src/core/manifests/pip/edit/applyEdits.ts';
import type { RequirementsFile } from '../../../../../../server/src/core/manifests/pip/model.ts';
import { parseFile } from '../../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { toParseItems, type ParseItem } from '../../../../../../server/src/core/manifests/pip/parse/parseItems.ts';
import { parseVersion, type Version } from '../../../../../../server/src/core/versions/version.ts';

export function version(text: string): Version {
  const parsed = parseVersion(text);
  assert.ok(parsed, text);
  return parsed;
}

/** The first item that is about `foo`, in any spelling that begins so. */
export function indexOfFoo(file: RequirementsFile): number {
  return file.items.findIndex((item) => 'name' in item && item.name?.normalized.startsWith('foo') === true);
}

/** The text after an edit, put together by hand: what an editor does, all at once in offsets of the old text. */
export function edited(file: RequirementsFile, edit: FixEdit): string {
  assert.equal(edit.kind, 'edit', edit.kind === 'disabled' ? edit.reason : '');
  const changes = edit.kind === 'edit' ? edit.changes : [];
  const atOnce = changes.reduce(
    (text, change) => text.slice(0, change.start) + change.text + text.slice(change.end),
    file.text,
  );
  assert.equal(applyEdits(file, changes).text, atOnce, 'one after another and at once are the same');
  return atOnce;
}

/** Why an edit is not possible. */
export function reasonOf(edit: FixEdit): string {
  assert.equal(edit.kind, 'disabled', JSON.stringify(edit));
  return edit.kind === 'disabled' ? edit.reason : '';
}

/** Every item but one, and that one without what a fix may change. */
export function unchangedPart(text: string, index: number): readonly Partial<ParseItem>[] {
  return toParseItems(parseFile(text)).map((item, at) => {
    if (at !== index) return { ...item, s: 0, e: 0, ls: 0, le: 0 };
    const { name, norm, extras, marker, url, reqOpts, ignoredOpts, k } = item;
    return { k, name, norm, extras, marker, url, reqOpts, ignoredOpts };
  });
}
