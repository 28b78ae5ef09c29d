import { type FileId, isAtOrInside } from '../fileId.ts';
import { resourceKeys, type Settings } from '../../../../protocol/settings.ts';

/** The settings as they were at one moment: those of the window, and of each workspace folder. */
export interface SettingsSnapshot {
  /** What holds for all files alike is read here: whom to ask, how long to wait, what to keep. */
  readonly window: Settings;
  readonly folders: readonly { readonly id: FileId; readonly settings: Settings }[];
}

/** The settings for a file, or a folder: those of the innermost workspace folder that it lies in. */
export function settingsFor({ window, folders }: SettingsSnapshot, file: FileId): Settings {
  let innermost: SettingsSnapshot['folders'][number] | undefined;
  for (const folder of folders) {
    if (isAtOrInside(file, folder.id) && folder.id.length > (innermost?.id.length ?? 0)) {
      innermost = folder;
    }
  }
  return innermost?.settings ?? window;
}

/** A folder decides about its own files, and about nothing that all share. */
export function folderSettings(window: Settings, folder: Settings): Settings {
  const own = Object.fromEntries(resourceKeys.map((key) => [key, folder[key]]));
  const { blocked = window.blocked, fault = window.fault } = folder;
  return Object.freeze({
    ...window,
    ...own,
    ...(blocked === undefined ? {} : { blocked }),
    ...(fault === undefined ? {} : { fault }),
  });
}

/** Whether a search of the workspace by these settings may find other files than by those before. */
export function choosesOtherFiles(before: SettingsSnapshot, after: SettingsSnapshot): boolean {
  const choices = ({ window, folders }: SettingsSnapshot): string =>
    JSON.stringify([window, ...folders.map(({ settings }) => settings)].map(choiceOf));
  return choices(before) !== choices(after);
}

function choiceOf({ enable, filesInclude, filesExclude }: Settings): readonly unknown[] {
  return [enable, filesInclude, filesExclude];
}

/** Whether any file may be checked at all. */
export function isEnabledAnywhere({ window, folders }: SettingsSnapshot): boolean {
  return window.enable || folders.some(({ settings }) => settings.enable);
}

/** Why nothing may be asked about some files, and what else is wrong with the settings; the first of it. */
export function settingsFault({ window, folders }: SettingsSnapshot): string | undefined {
  const all = [window, ...folders.map(({ settings }) => settings)].filter(({ enable }) => enable);
  return (
    all.find(({ blocked }) => blocked !== undefined)?.blocked ?? all.find(({ fault }) => fault !== undefined)?.fault
  );
}

/** Whether what is private is not known everywhere, or what else decides what may be sent. */
export function isBlockedAnywhere({ window, folders }: SettingsSnapshot): boolean {
  return [window, ...folders.map(({ settings }) => settings)].some(({ blocked }) => blocked !== undefined);
}
