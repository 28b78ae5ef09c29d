import { languageId as requirementsLanguage } from '../../../protocol/ids.ts';
import type { Settings } from '../../../protocol/settings.ts';
import { isRequirementPath } from '../core/requirements/isRequirementPath.ts';
import type { TrackedFile } from './trackedFile.ts';

/** Whether a file is to be checked, by its name, its language and the settings. */
export function isSelected(file: TrackedFile, settings: Settings): boolean {
  // What was read from disk was chosen by its name or because a requirements file includes it.
  const declared = file.languageId === requirementsLanguage || file.version === undefined;
  return settings.enable && isChosen(file.uri, settings, declared);
}

/** Whether a search of its folder may find it. */
export function isSelectedByName(uri: string, settings: Settings): boolean {
  return settings.enable && isChosen(uri, settings, false);
}

function isChosen(uri: string, { filesInclude, filesExclude }: Settings, declared: boolean): boolean {
  return isRequirementPath(decodedUri(uri), { include: filesInclude, exclude: filesExclude }, declared);
}

function decodedUri(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri; // a stray percent sign; the name rules still work on the encoded form
  }
}
