import type { Redis } from 'ioredis';
import { errorCode } from '../../files/errorCode.ts';
import type { RedisAddress } from './redisAddress.ts';

export interface RedisEvents {
  onReady(): void;
  /** Why, in a word or code: never the server's text, never an argument. */
  onLost(why: string): void;
  /** So many bytes have come; the rest is not read where it is too much. */
  onReceived(bytes: number): 'goOn' | 'tooMuch';
  /** How long to wait before the next attempt. */
  reconnectDelayMs(): number;
}

/** For a hanging connection, so that it is given up and made again; nobody waits for it. */
const commandTimeoutMs = 2_000;
const connectTimeoutMs = 3_000;
// The client's own is 2 s, and holds up the end of the process where there is no connection to close.
const disconnectTimeoutMs = 100;

/** Loads the client, which takes time, and begins to connect. What is sent while there is no connection fails at once. */
export async function connectRedis(
  { options }: RedisAddress,
  ca: string | undefined,
  events: RedisEvents,
): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const redis = new Redis({
    ...options,
    ...(options.tls === undefined || ca === undefined ? {} : { tls: { ...options.tls, ca } }),
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    connectTimeout: connectTimeoutMs,
    disconnectTimeout: disconnectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    socketTimeout: commandTimeoutMs,
    retryStrategy: () => events.reconnectDelayMs(),
  });
  redis.on('connect', () => {
    const { stream } = redis;
    stream.on('data', ({ length }: Buffer) => {
      if (events.onReceived(length) === 'tooMuch') {
        stream.destroy(); // others may keep values of any size under our keys
      }
    });
  });
  redis.on('ready', () => events.onReady());
  redis.on('error', (error: unknown) => events.onLost(whyOf(error)));
  redis.on('close', () => events.onLost('the connection was closed'));
  redis.connect().catch(() => {}); // told by the events
  return redis;
}

/** What went wrong, without anything that may be secret or hostile. */
export function whyOf(error: unknown): string {
  const code = errorCode(error);
  if (code !== '') {
    return code;
  }
  const message = error instanceof Error ? error.message : '';
  // A reply of the server begins with a word such as WRONGPASS, NOAUTH, OOM.
  return (
    /^[A-Z]{2,20}(?= |$)/u.exec(message)?.[0] ?? (/time(?:d )?out/iu.test(message) ? 'it does not answer' : 'it failed')
  );
}
