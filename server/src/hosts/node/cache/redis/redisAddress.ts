import type { RedisOptions } from 'ioredis';

export interface RedisAddress {
  readonly options: RedisOptions;
  /** Host and port, never who one is there: for messages. */
  readonly shown: string;
}

/** `redis://` or `rediss://` (TLS), with user, password and number of the database; `undefined` for anything else. */
export function parseRedisUrl(url: string): RedisAddress | undefined {
  if (!URL.canParse(url)) {
    return undefined;
  }
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const database = /^\/?(\d{0,5})$/u.exec(pathname)?.[1];
  if ((protocol !== 'redis:' && protocol !== 'rediss:') || hostname === '' || database === undefined) {
    return undefined;
  }
  try {
    const portNumber = port === '' ? 6379 : Number(port);
    return {
      options: {
        host: hostname.replace(/^\[|\]$/gu, ''),
        port: portNumber,
        db: Number(database),
        ...(username === '' ? {} : { username: decodeURIComponent(username) }),
        ...(password === '' ? {} : { password: decodeURIComponent(password) }),
        ...(protocol === 'rediss:' ? { tls: {} } : {}),
      },
      shown: `${hostname}:${portNumber}`,
    };
  } catch {
    return undefined; // a per cent sign that stands for nothing
  }
}
