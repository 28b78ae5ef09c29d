import * as vscode from 'vscode';

/** A file system in memory, by path. Reading is all that the tests ask of it; where it may be written to, saving works too. */
export function memoryFiles(files: Map<string, string>): vscode.FileSystemProvider {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  return {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat: ({ path }) => {
      const text = files.get(path);
      const isFolder = [...files.keys()].some((file) => file.startsWith(path.replace(/\/?$/u, '/')));
      if (text === undefined && !isFolder) throw vscode.FileSystemError.FileNotFound(path);
      const type = text === undefined ? vscode.FileType.Directory : vscode.FileType.File;
      return { type, ctime: 0, mtime: 0, size: text?.length ?? 0 };
    },
    readDirectory: ({ path }) => {
      const folder = path.replace(/\/?$/u, '/');
      const names = [...files.keys()]
        .filter((file) => file.startsWith(folder))
        .map((file) => file.slice(folder.length));
      return names.filter((name) => !name.includes('/')).map((name) => [name, vscode.FileType.File]);
    },
    readFile: ({ path }) => {
      const text = files.get(path);
      if (text === undefined) throw vscode.FileSystemError.FileNotFound(path);
      return new TextEncoder().encode(text);
    },
    writeFile: ({ path }, content) => {
      files.set(path, new TextDecoder().decode(content));
    },
    createDirectory: () => undefined,
    delete: ({ path }) => {
      files.delete(path);
    },
    rename: () => {
      throw vscode.FileSystemError.NoPermissions();
    },
  };
}
