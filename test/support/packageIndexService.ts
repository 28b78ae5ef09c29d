import { hash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A file of a project, as an index would list it. */
export interface IndexFile {
  readonly filename: string;
  readonly sha256?: string;
  readonly requiresPython?: string;
  readonly yanked?: boolean | string;
  /** Served beside the file (PEP 658). */
  readonly metadata?: string;
  /** Where absent that of the metadata. */
  readonly metadataSha256?: string;
  /** PEP 700. */
  readonly uploadTime?: string;
}

/** A project with a status of its own (PEP 792). */
export interface IndexProject {
  readonly files: readonly IndexFile[];
  readonly status: string;
  readonly reason?: string;
}

export type IndexProjects = Readonly<Record<string, readonly IndexFile[] | IndexProject>>;

/** What goes wrong with the next requests. */
export type IndexFault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'body'; readonly body: string | Buffer; readonly contentType?: string; readonly encoding?: string }
  /** The headers never come. */
  | { readonly kind: 'silence' }
  /** The headers and half of the body come. */
  | { readonly kind: 'half' }
  | { readonly kind: 'reset' };

export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** A package index (PEP 691, JSON only) on the loopback: `url` is that of its simple API. */
export interface PackageIndexService {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** The most requests that were open at one time. */
  readonly mostAtOnce: number;
  setProjects(projects: IndexProjects): void;
  /** The next requests get these, one each; then all is well again. */
  fail(...faults: readonly IndexFault[]): void;
  /** Holds back every answer until the returned function is called. */
  hold(): () => void;
  /** Resolves when so many requests have come since the start or the last reset. */
  requests(count: number): Promise<void>;
  reset(): void;
  close(): Promise<void>;
}

const simpleJson = 'application/vnd.pypi.simple.v1+json';

/** The page of a project as the service would send it. */
export function projectPage(name: string, project: readonly IndexFile[] | IndexProject, apiVersion = '1.1'): object {
  const files = filesOf(project);
  return {
    ...('status' in project ? { 'project-status': { status: project.status, reason: project.reason } } : {}),
    meta: { 'api-version': apiVersion, '_last-serial': 1 },
    name,
    versions: [],
    files: files.map(({ filename, sha256, requiresPython, yanked, metadata, metadataSha256, uploadTime }) => ({
      filename,
      url: metadata === undefined ? `https://files.example/${filename}` : `../../files/${filename}#sha256=0`,
      ...(metadata === undefined ? {} : { 'core-metadata': { sha256: metadataSha256 ?? hash('sha256', metadata) } }),
      hashes: sha256 === undefined ? {} : { sha256 },
      'requires-python': requiresPython ?? null,
      ...(yanked === undefined ? {} : { yanked }),
      ...(uploadTime === undefined ? {} : { 'upload-time': uploadTime }),
      size: 1,
    })),
  };
}

function filesOf(project: readonly IndexFile[] | IndexProject): readonly IndexFile[] {
  return 'files' in project ? project.files : project;
}

export async function startPackageIndex(first: IndexProjects = {}): Promise<PackageIndexService> {
  let projects = first;
  const seen: SeenRequest[] = [];
  const faults: IndexFault[] = [];
  let waiters: { readonly count: number; readonly resolve: () => void }[] = [];
  let held: Promise<void> = Promise.resolve();
  let [open, mostAtOnce] = [0, 0];

  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', headers: request.headers });
    mostAtOnce = Math.max(mostAtOnce, ++open);
    response.on('close', () => open--);
    waiters.filter(({ count }) => seen.length >= count).forEach(({ resolve }) => resolve());
    const fault = faults.shift();
    void held.then(() => (fault === undefined ? answer(projects, request, response) : misbehave(fault, response)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/simple`,
    seen,
    get mostAtOnce() {
      return mostAtOnce;
    },
    setProjects(next) {
      projects = next;
    },
    fail(...next) {
      faults.push(...next);
    },
    hold() {
      let release = (): void => undefined;
      held = new Promise((resolve) => (release = resolve));
      return () => release();
    },
    requests(count) {
      return seen.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => (waiters = [...waiters, { count, resolve }]));
    },
    reset() {
      projects = first;
      seen.length = 0;
      faults.length = 0;
      held = Promise.resolve();
      mostAtOnce = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(projects: IndexProjects, request: IncomingMessage, response: ServerResponse): void {
  const filename = /^\/files\/(.+)\.metadata$/u.exec(request.url ?? '')?.[1];
  const metadata = Object.values(projects)
    .flatMap(filesOf)
    .find((file) => file.filename === filename)?.metadata;
  if (metadata !== undefined) {
    response.writeHead(200, { 'content-type': 'binary/octet-stream' }).end(metadata);
    return;
  }
  const name = /^\/simple\/([^/]+)\/(?:\?.*)?$/.exec(request.url ?? '')?.[1] ?? '';
  const files = Object.hasOwn(projects, name) ? projects[name] : undefined;
  if (files === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('404 Not Found');
    return;
  }
  if (request.headers.accept !== simpleJson) {
    response.writeHead(200, { 'content-type': 'text/html; charset=UTF-8' }).end('<!DOCTYPE html><a href="x">x</a>');
    return;
  }
  const body = gzipSync(JSON.stringify(projectPage(name, files)));
  response.writeHead(200, { 'content-type': simpleJson, 'content-encoding': 'gzip' }).end(body);
}

function misbehave(fault: IndexFault, response: ServerResponse): void {
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'text/plain', ...fault.headers }).end('no');
      return;
    case 'body': {
      const encoding = fault.encoding === undefined ? {} : { 'content-encoding': fault.encoding };
      response.writeHead(200, { 'content-type': fault.contentType ?? simpleJson, ...encoding }).end(fault.body);
      return;
    }
    case 'silence':
      return;
    case 'half':
      response.writeHead(200, { 'content-type': simpleJson, 'content-length': '1000' }).write('{"meta":');
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
  }
}
