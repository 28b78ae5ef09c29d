import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Relay {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A TCP relay that adds a round trip: every chunk is held back half of it in each direction, and the first bytes of a
 * connection one whole one more, for the handshake that loopback does not have. It models no bandwidth and no loss.
 */
export async function startRelay(targetPort: number, roundTripMs: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    delay(client, target, roundTripMs / 2, roundTripMs);
    delay(target, client, roundTripMs / 2, 0);
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {
        client.destroy();
        target.destroy();
      });
      socket.on('close', () => sockets.delete(socket));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}

function delay(from: Socket, to: Socket, delayMs: number, connectMs: number): void {
  const openAt = performance.now() + connectMs;
  let order = Promise.resolve();
  const hold = (call: () => void): void => {
    const due = Math.max(performance.now(), openAt) + delayMs;
    // One after the other, so that chunks never overtake each other. What is due is not put off: a timer takes a millisecond
    // and more, and for many chunks in a row that would be a narrow line.
    order = order
      .then(() => {
        const leftMs = due - performance.now();
        return leftMs > 0 ? sleep(leftMs) : undefined;
      })
      .then(call);
  };
  from.on('data', (chunk) => hold(() => to.write(chunk)));
  from.on('end', () => hold(() => to.end()));
}
