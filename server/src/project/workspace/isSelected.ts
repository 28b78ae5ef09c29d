import { languageId as requirementsLanguage } from '../../../../protocol/ids.ts';
import type { Settings } from '../../../../protocol/settings.ts';
import { kindOf } from '../../core/manifests/manifestKinds.ts';
import { decodedId, type FileId } from '../fileId.ts';
import type { TrackedFile } from './trackedFile.ts';

/** Whether a file is to be checked, by its name, its language and the settings. */
export function isSelected(file: TrackedFile, settings: Settings): boolean {
  // What was read from disk was chosen by its name or because a requirements file includes it.
  const declared = file.languageId === requirementsLanguage || file.version === undefined;
  return settings.enable && isChosen(file.id, settings, declared);
}

/** The same for a file that was to be read from disk. */
export function isSelectedOnDisk(file: FileId, settings: Settings): boolean {
  return settings.enable && isChosen(file, settings, true);
}

/** Whether a search of its folder may find it. */
export function isSelectedByName(file: FileId, settings: Settings): boolean {
  return settings.enable && isChosen(file, settings, false);
}

function isChosen(file: FileId, { filesInclude, filesExclude }: Settings, declared: boolean): boolean {
  return kindOf(decodedId(file), { include: filesInclude, exclude: filesExclude }, declared) !== undefined;
}
