import type { Connection } from 'vscode-languageserver';
import { configurationSection } from '../../../../protocol/ids.ts';
import type { InitializationOptions } from '../../../../protocol/messages/initializationOptions.ts';
import { idOfPath } from '../../project/fileId.ts';
import type { ClientAccess } from '../environment.ts';
import { askEditor } from './askEditor.ts';
import { decodeNetwork } from './decodeNetwork.ts';

// What a client says when it begins. Nothing of it is relied on to be what the protocol has for it.

/** A client without workspace folders names its one folder as the root. */
export function workspaceFolders({ workspaceFolders: folders, rootUri, rootPath }: StartFolders): readonly string[] {
  if (Array.isArray(folders)) {
    return folderUrisIn(folders);
  }
  if (typeof rootUri === 'string' && rootUri !== '') {
    return [rootUri];
  }
  return typeof rootPath === 'string' && rootPath !== '' ? [idOfPath(rootPath, windowsPath.test(rootPath))] : [];
}

const windowsPath = /^(?:[A-Za-z]:[\\/]|\\\\)/u;

interface StartFolders {
  readonly workspaceFolders?: unknown;
  readonly rootUri?: unknown;
  readonly rootPath?: unknown;
}

export function folderUrisIn(folders: unknown): readonly string[] {
  return Array.isArray(folders)
    ? folders.flatMap((folder: unknown) => {
        const uri = isObject(folder) && 'uri' in folder ? folder.uri : undefined;
        return typeof uri === 'string' ? [uri] : [];
      })
    : [];
}

export function initializationOptions(options: unknown): InitializationOptions | undefined {
  return isObject(options) ? options : undefined;
}

/** What the client says of the network and of storage, and whether it sends requests for us. */
export function clientAccess(connection: Connection, options: InitializationOptions | undefined): ClientAccess {
  return {
    params: decodeNetwork(options?.network),
    storagePath: asPath(options?.storagePath),
    globalStoragePath: asPath(options?.globalStoragePath),
    ...(options?.canFetch === true ? { ask: (request, signal) => askEditor(connection, request, signal) } : {}),
  };
}

/** The part of a client's settings that is ours. */
export function sectionOf(settings: unknown): unknown {
  return typeof settings === 'object' && settings !== null && configurationSection in settings
    ? settings[configurationSection]
    : undefined;
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asPath(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
