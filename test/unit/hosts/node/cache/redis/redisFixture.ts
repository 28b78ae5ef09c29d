import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Where `redis-server` is, or Valkey's; `undefined` if this machine has none. */
export function findRedisServer(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return ['redis-server', 'valkey-server']
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((file) => isExecutable(file));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A cluster node waits for its disk at each change of its map. In memory it never waits, however busy the disk is. */
function memoryFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

/** A server on loopback that keeps nothing on disk. */
export class RedisServer {
  readonly port: number;
  readonly #folder = mkdtempSync(path.join(memoryFolder(), 'pinwatch-redis-'));
  readonly #program: string;
  readonly #options: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(program: string, port: number, options: readonly string[]) {
    this.#program = program;
    this.port = port;
    this.#options = options;
  }

  /** At a free port, unless one is given. */
  static async start(program: string, options: readonly string[] = [], port?: number): Promise<RedisServer> {
    const server = new RedisServer(program, port ?? (await freePort()), options);
    await server.start();
    return server;
  }

  /** Empty, at the same port. */
  async start(): Promise<void> {
    const where = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder];
    const child = spawn(this.#program, [...where, '--save', '', '--appendonly', 'no', ...this.#options], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#child = child;
    let output = '';
    while (!output.includes('Ready to accept connections')) {
      const [chunk] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
      if (!(chunk instanceof Buffer)) {
        throw new Error(`redis-server ended: ${output}`);
      }
      output += chunk.toString();
    }
    child.stdout.resume();
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
  }

  /** Takes connections and says nothing, until it goes on. */
  hang(): void {
    this.#child?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child?.kill('SIGCONT');
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Between client and server: passes on, holds answers back, or says nothing at all. */
export class Relay {
  /** How long each answer is held back; Infinity: for ever. */
  delayMs = 0;
  connections = 0;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();

  private constructor(targetPort: number) {
    this.#server = net.createServer((client) => {
      this.connections++;
      const upstream = net.connect(targetPort, '127.0.0.1');
      for (const [socket, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => other.destroy());
      }
      client.pipe(upstream);
      let before = Promise.resolve();
      upstream.on('data', (chunk) => {
        before = before.then(() => this.#answer(client, chunk)); // in order, whatever the delays are
      });
    });
  }

  static async start(targetPort: number): Promise<Relay> {
    const relay = new Relay(targetPort);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async #answer(client: net.Socket, chunk: Buffer): Promise<void> {
    if (this.delayMs === Infinity) {
      return;
    }
    if (this.delayMs > 0) {
      await setTimeout(this.delayMs, undefined, { ref: false });
    }
    client.write(chunk);
  }

  dispose(): void {
    this.#sockets.forEach((socket) => socket.destroy());
    this.#server.close();
  }
}

/** Asks again and again until it holds; fails after a while. */
export async function until(holds: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const limit = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > limit) {
      throw new Error(`After ${limitMs} ms it still does not hold: ${holds.toString()}`);
    }
    await setTimeout(5);
  }
}
