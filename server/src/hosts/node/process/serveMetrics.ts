import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * Offers a text at `http://127.0.0.1:PORT/metrics`, to this machine alone. Rejects where the port cannot be had. A page in
 * a browser must not read it by way of another host name, so the Host header has to be this machine's.
 */
export async function serveMetrics(port: number, text: () => string): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const isOurs = /^(127\.0\.0\.1|localhost)(:\d+)?$/iu.test(request.headers.host ?? '');
    const isMetrics = request.method === 'GET' && request.url === '/metrics';
    const status = !isOurs ? 403 : isMetrics ? 200 : 404;
    response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(status === 200 ? text() : '');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // A connection that cannot be accepted (no file handle left) is no reason for the process to end.
  server.on('error', () => undefined);
  return {
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
