import type { DiskFollower } from '../tasks/diskFollower.ts';
import type { SettingsAdoption } from '../tasks/settingsAdoption.ts';

/** `textDocument/didSave`: looks at the disk again, since events about it may be missing. */
export function didSave(disk: DiskFollower, settings: Pick<SettingsAdoption, 'whenReady'>): () => Promise<void> {
  return async () => {
    await settings.whenReady;
    await disk.lookAgain();
  };
}
