import { Redis } from 'ioredis';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServerIdentity, type ServerIdentity } from '../../../../../osv-service/certificate.ts';
import { freePort, RedisServer, until } from './redisFixture.ts';

const masterCount = 3;
const slotCount = 16_384;
/** Servers agree within a second; on a busy machine it takes longer. */
const stepLimitMs = 40_000;

export interface ClusterOptions {
  /** Clients have to show a certificate of the same authority. */
  readonly usesTls?: boolean;
  /** Commands of the access list, beginning with the user's name. */
  readonly user?: readonly string[];
}

/** A real cluster on loopback: three servers with a third of the slots each, and a replica of the first. Nothing is kept but who is who. */
export class RedisCluster {
  readonly servers: readonly RedisServer[];
  readonly identity: ServerIdentity | undefined;
  /** Of the servers, as the user that may do everything. */
  readonly raw: readonly Redis[];
  readonly #folder: string;

  private constructor(servers: readonly RedisServer[], identity: ServerIdentity | undefined, folder: string) {
    this.servers = servers;
    this.identity = identity;
    this.#folder = folder;
    const { ca, cert, key } = identity ?? {};
    const tls = identity === undefined ? {} : { tls: { ca, cert, key } };
    this.raw = servers.map(({ port }) => {
      const redis = new Redis(port, '127.0.0.1', tls);
      redis.on('error', () => {});
      return redis;
    });
  }

  static async start(program: string, { usesTls = false, user }: ClusterOptions = {}): Promise<RedisCluster> {
    const folder = mkdtempSync(path.join(tmpdir(), 'pinwatch-cluster-'));
    const identity = usesTls ? createServerIdentity() : undefined;
    const file = (name: string): string => path.join(folder, `${name}.pem`);
    Object.entries(identity ?? {}).forEach(([name, pem]) => writeFileSync(file(name), String(pem), { mode: 0o600 }));
    const files = ['--tls-cert-file', file('cert'), '--tls-key-file', file('key'), '--tls-ca-cert-file', file('ca')];
    const options = async (port: number): Promise<readonly string[]> => [
      ...['--cluster-enabled', 'yes', '--cluster-config-file', `nodes-${port}.conf`, '--cluster-node-timeout', '5000'],
      ...[
        '--cluster-port',
        String(await freePort()),
        '--cluster-announce-ip',
        '127.0.0.1',
        '--repl-diskless-sync-delay',
        '0',
      ],
      ...(usesTls
        ? ['--port', '0', '--tls-port', String(port), '--tls-cluster', 'yes', '--tls-replication', 'yes', ...files]
        : []),
    ];
    const started = Array.from({ length: masterCount + 1 }, async () => {
      const port = await freePort();
      const own = await options(port);
      return {
        server: await RedisServer.start(program, own, port),
        bus: Number(own[own.indexOf('--cluster-port') + 1]),
      };
    });
    const servers = await Promise.all(started);
    const cluster = new RedisCluster(
      servers.map(({ server }) => server),
      identity,
      folder,
    );
    try {
      await cluster.#join(servers.map(({ bus }) => bus));
    } catch (error) {
      await cluster.dispose();
      throw error;
    }
    if (user !== undefined) {
      await Promise.all(cluster.raw.map((redis) => redis.acl('SETUSER', ...(user as [string, ...string[]]))));
    }
    return cluster;
  }

  get ports(): readonly number[] {
    return this.servers.map(({ port }) => port);
  }

  /** Of one server, or of several. */
  url(ports: readonly number[] = this.ports.slice(0, 1), user = ''): string {
    const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
    return `${this.identity === undefined ? 'redis' : 'rediss'}://${user}${hosts}`;
  }

  /** How many keys there are on each of the three. */
  async sizes(): Promise<readonly number[]> {
    return Promise.all(this.raw.slice(0, masterCount).map((redis) => redis.dbsize()));
  }

  /** The first server dies; its replica takes its place. */
  async failOver(): Promise<void> {
    await this.servers[0]?.stop();
    await this.promote();
  }

  async promote(): Promise<void> {
    // On a busy machine it may have taken over by itself already, and is no replica any more.
    await this.raw[masterCount]?.cluster('FAILOVER', 'TAKEOVER').catch((error: unknown) => {
      if (!String(error).includes('to a replica')) throw error;
    });
    const replica = this.ports[masterCount];
    await until(async () => {
      const slots = await this.raw[1]?.cluster('SLOTS');
      return JSON.stringify(slots).includes(`[0,5460,["127.0.0.1",${replica}`);
    }, stepLimitMs);
  }

  async dispose(): Promise<void> {
    this.raw.forEach((redis) => redis.disconnect());
    await Promise.all(this.servers.map((server) => server.dispose()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #join(buses: readonly number[]): Promise<void> {
    const [first] = this.raw;
    for (const [index, redis] of this.raw.slice(0, masterCount).entries()) {
      const from = Math.floor((slotCount * index) / masterCount);
      const to = Math.floor((slotCount * (index + 1)) / masterCount) - 1;
      await redis.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
      await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    }
    await this.raw[masterCount]?.call('CLUSTER', 'SET-CONFIG-EPOCH', String(masterCount + 1));
    // Each to each: gossip alone takes seconds.
    for (const redis of this.raw) {
      for (const [index, port] of this.ports.entries()) {
        await redis.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(buses[index]));
      }
    }
    const id = await first?.call('CLUSTER', 'MYID');
    const replica = this.raw[masterCount];
    await until(async () => String(await replica?.call('CLUSTER', 'NODES')).includes(`${String(id)} `));
    await replica?.call('CLUSTER', 'REPLICATE', String(id));
    await until(async () => {
      const infos = await Promise.all(this.raw.map((redis) => redis.cluster('INFO')));
      const links = await replica?.info('replication');
      const isWhole = (info: unknown): boolean =>
        /cluster_state:ok/u.test(String(info)) && /cluster_known_nodes:4/u.test(String(info));
      return infos.every(isWhole) && /master_link_status:up/u.test(String(links));
    }, stepLimitMs);
  }
}
