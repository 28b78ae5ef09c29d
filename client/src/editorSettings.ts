import { workspace } from 'vscode';
import { configurationSection, osvBucketUrl } from '../../protocol/ids.ts';
import type { NetworkParams } from '../../protocol/messages.ts';
import { networkSettings } from './networkSettings.ts';

/** The patterns of every folder: one client serves them all, and the server decides for each folder. */
export function includePatterns(): readonly string[] {
  const scopes = [undefined, ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
  const values = scopes.flatMap((scope) => {
    const value: unknown = workspace.getConfiguration(configurationSection, scope).get('files.include');
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
  const settings = workspace.getConfiguration(configurationSection);
  const urls: readonly unknown[] = [settings.get('osv.url'), settings.get('index.url'), osvBucketUrl];
  return urls.filter((url) => typeof url === 'string');
}
