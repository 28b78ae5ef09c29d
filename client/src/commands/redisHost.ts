/** The server that an address is about, as `host:port`; `undefined` where there is none. The server reads it alike. */
export function redisHost(url: unknown): string | undefined {
  const parsed = typeof url === 'string' ? URL.parse(url) : null;
  const isRedis = parsed !== null && /^rediss?:$/u.test(parsed.protocol) && parsed.hostname !== '';
  return isRedis ? `${parsed.hostname}:${parsed.port === '' ? 6379 : parsed.port}` : undefined;
}

/** Under which the password for a server is kept. */
export function redisSecretKey(host: string): string {
  return `redis.password ${host}`;
}
