import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface NpmRegistry {
  readonly url: string;
  close(): void;
}

/** A registry on loopback that has one package in one version, as npm asks for it. */
export async function startNpmRegistry(manifestFile: string, tarballFile: string): Promise<NpmRegistry> {
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as {
    readonly name: string;
    readonly version: string;
  };
  const { name, version } = manifest;
  const tarball = readFileSync(tarballFile);
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const server = createServer((request, response) => {
    const url = `http://${request.headers.host}/${name}-${version}.tgz`;
    const dist = { tarball: url, integrity };
    if (request.url === `/${name}`) {
      const versions = { [version]: { ...manifest, dist } };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
    } else if (request.url === `/${name}-${version}.tgz`) {
      response.end(tarball);
    } else {
      response.writeHead(404).end('{}');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
