import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { createServerIdentity } from '../test/osv-service/certificate.ts';

export interface CannedIndex {
  readonly port: number;
  readonly ca: string;
  /** Where pages say that the files are: set once that is known. */
  filesAt: string;
  close(): void;
}

export interface CannedIndexOptions {
  readonly serviceMs: number;
  /** One of so many requests fails; none where absent. */
  readonly failsOneIn?: number | undefined;
}

// As many as a project has that is neither new nor one of the largest.
const releaseCount = 60;
const metadata = `Metadata-Version: 2.4\nName: some\nVersion: 1.0\nLicense-Expression: MIT\n\n${'What it is good for. '.repeat(200)}\n`;
const json = 'application/vnd.pypi.simple.v1+json';

/** A stand-in for a package index that has every project, each with a release 1.0 under the MIT licence. */
export async function startCannedIndex({ serviceMs, failsOneIn = Infinity }: CannedIndexOptions): Promise<CannedIndex> {
  const { ca, cert, key } = createServerIdentity();
  const pages = new Map<string, Buffer>();
  let count = 0;
  const server = createSecureServer({ key, cert, allowHTTP1: true, settings: { maxConcurrentStreams: 250 } });
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('request', (request, response) => {
    request.resume();
    const isFailing = ++count % failsOneIn === 0;
    void sleep(serviceMs).then(() => {
      const name = /^\/simple\/([^/]+)\/$/u.exec(request.url)?.[1];
      if (isFailing) {
        response.writeHead(500).end();
      } else if (name === undefined) {
        response.writeHead(200, { 'content-type': 'binary/octet-stream' }).end(metadata);
      } else {
        const page = pages.get(name) ?? gzipSync(JSON.stringify(pageOf(name, index.filesAt)));
        pages.set(name, page);
        response.writeHead(200, { 'content-type': json, 'content-encoding': 'gzip' }).end(page);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const index = { port, ca, filesAt: `https://127.0.0.1:${port}`, close: () => void server.close() };
  return index;
}

function pageOf(name: string, filesAt: string): object {
  const versions = Array.from({ length: releaseCount }, (_, at) => `${1 + at}.0`);
  const filenames = versions.flatMap((version) => [
    `${name.replaceAll('-', '_')}-${version}-py3-none-any.whl`,
    `${name.replaceAll('-', '_')}-${version}.tar.gz`,
  ]);
  return {
    meta: { 'api-version': '1.3', '_last-serial': 1 },
    name,
    versions,
    files: filenames.map((filename) => ({
      filename,
      url: `${filesAt}/files/${filename}`,
      hashes: { sha256: hash('sha256', filename) },
      'requires-python': '>=3.8',
      yanked: false,
      'upload-time': '2024-01-02T03:04:05.678901Z',
      size: 12_345,
      ...(filename.endsWith('.whl') ? { 'core-metadata': { sha256: hash('sha256', metadata) } } : {}),
    })),
  };
}
