import { type ConfigurationScope, workspace } from 'vscode';
import { configurationSection, osvBucketUrl } from '../../protocol/ids.ts';
import type { NetworkParams } from '../../protocol/messages/network.ts';
import type { SettingKey } from '../../protocol/settings.ts';
import { networkSettings } from './networkSettings.ts';

/** The patterns of every folder: one client serves them all, and the server decides for each folder. */
export function includePatterns(): readonly string[] {
  const scopes = [undefined, ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
  const values = scopes.flatMap((scope) => {
    const value = readSetting('files.include', scope);
    return Array.isArray(value) ? value.filter((pattern) => typeof pattern === 'string') : [];
  });
  return [...new Set(values)];
}

/** How the user reaches the network. */
export function networkParams(): NetworkParams {
  const settings = workspace.getConfiguration('http');
  return networkSettings((key) => settings.get(key));
}

/** The addresses of our services: the user's own settings, which no folder can change, and OSV's bucket. */
export function serviceUrls(): readonly string[] {
  return [readSetting('osv.url'), readSetting('index.url'), osvBucketUrl].filter((url) => typeof url === 'string');
}

/** As the editor names it in settings and events. */
export function settingId(key: SettingKey): string {
  return `${configurationSection}.${key}`;
}

/** A setting as the editor has it, for a folder or the window; whatever the user has written there. */
export function readSetting(key: SettingKey, scope?: ConfigurationScope): unknown {
  return workspace.getConfiguration(configurationSection, scope).get(key);
}
