import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MonitoringPage, MonitoringPages, ServedPages } from '../../../engine/ports.ts';

/**
 * Offers pages at `http://127.0.0.1:PORT`, to this machine alone; port 0 is any that is free. Rejects where the port cannot be
 * had. A page in a browser must not read them, be it by way of another host name, so that Host and Origin have to be this
 * machine's.
 */
export async function serveMetrics(port: number, pages: MonitoringPages): Promise<ServedPages> {
  const server = createServer((request, response) => {
    void answerTo(request, pages).then(({ status, type, text }) => {
      const body = Buffer.from(text);
      response.writeHead(status, {
        'content-type': type,
        'content-length': body.length,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // A connection that cannot be accepted (no file handle left) is no reason for the process to end.
  server.on('error', () => undefined);
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Never rejects. */
async function answerTo({ headers, method, url }: IncomingMessage, pages: MonitoringPages): Promise<MonitoringPage> {
  if (!isOurs(headers)) {
    return { ...nothing, status: 403 };
  }
  const path = (url ?? '').replace(/\?.*$/su, '');
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page === undefined) {
    return nothing;
  }
  if (method !== 'GET' && method !== 'HEAD') {
    return { ...nothing, status: 405 };
  }
  try {
    return await page();
  } catch {
    return { ...nothing, status: 500 };
  }
}

const nothing: MonitoringPage = { status: 404, type: 'text/plain; charset=utf-8', text: '' };

function isOurs({ host = '', origin }: IncomingHttpHeaders): boolean {
  const name = /^(127\.0\.0\.1|localhost)(:\d+)?$/iu;
  return name.test(host) && (origin === undefined || name.test(origin.replace(/^http:\/\//iu, '')));
}
