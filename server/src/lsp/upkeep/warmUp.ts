import type { LockedVersions } from '../../core/assessment/decided/decidedVersions.ts';
import { decidedFor } from '../../project/decided.ts';
import type { Lookup } from '../../core/assessment/lookup.ts';
import { kindOfNamed } from '../../core/manifests/manifestKinds.ts';
import type { Log } from '../../engine/ports.ts';
import type { Scanner } from '../../engine/lookup/scanner.ts';
import type { Files } from '../environment.ts';
import { decodedId, type FileId, fileId } from '../../project/fileId.ts';
import { isSelected } from '../../project/workspace/isSelected.ts';
import { settingsFor, type SettingsSnapshot } from '../../project/workspace/settingsSnapshot.ts';
import { TrackedFile } from '../../project/workspace/trackedFile.ts';

export interface WarmUp {
  readonly files: Files;
  readonly folders: readonly FileId[];
  readonly settings: SettingsSnapshot;
  readonly scanner: Scanner;
  readonly log: Log;
  /** False where nothing more is to be taken into memory. */
  readonly hasRoom: () => boolean;
  readonly signal: AbortSignal;
}

// Enough for a monorepo; what is beyond is read from storage when it is opened.
const mostFiles = 200;
const mostLookups = 5_000;

/**
 * Takes what storage knows of the workspace's requirement files into memory, so that opening one shows it at once. Nobody is
 * asked. Never throws for what the world does; ends early when the signal is aborted.
 */
export async function warmUp({ files, folders, settings, scanner, log, hasRoom, signal }: WarmUp): Promise<void> {
  let [filesLeft, lookupsLeft] = [mostFiles, mostLookups];
  for (const folder of folders) {
    const { filesInclude: include, filesExclude: exclude } = settingsFor(settings, folder);
    const found = await files.discover(folder, { include, exclude, signal });
    const uris = found.uris.map(fileId);
    const first = uris.slice(0, filesLeft);
    const locks = first.length === 0 ? undefined : await files.createLockReader(log).read(first, folders);
    for (const uri of uris) {
      if (signal.aborted || !hasRoom() || filesLeft-- <= 0 || lookupsLeft <= 0) {
        return;
      }
      const lookups = (await lookupsOf(uri, folder, files, settings, locks?.get(uri) ?? [])).slice(0, lookupsLeft);
      lookupsLeft -= lookups.length;
      await scanner.recall(lookups, signal);
    }
  }
}

async function lookupsOf(
  uri: FileId,
  folder: FileId,
  files: Files,
  settings: SettingsSnapshot,
  locked: readonly LockedVersions[],
): Promise<readonly Lookup[]> {
  const read = await files.read(uri, [folder]);
  if ('error' in read) {
    return []; // said when somebody asks for the file
  }
  const document = { uri, languageId: undefined, version: undefined };
  const own = settingsFor(settings, uri);
  const file = new TrackedFile(document, kindOfNamed(decodedId(uri)).parse(read.text), own);
  file.link({ decided: decidedFor(decodedId(uri), undefined, locked), includedAt: [], problems: [] }, own, true);
  return isSelected(file, own) ? file.lookups() : [];
}
