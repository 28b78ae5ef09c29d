/** The server that an address is about, as `host:port`, or those of a cluster with commas; `undefined` where there is none. The server reads it alike. */
export function redisHost(url: unknown): string | undefined {
  const [, hostList = ''] = (typeof url === 'string' && /^rediss?:\/\/(?:[^/?#]*@)?([^@/?#]+)/u.exec(url)) || [];
  const hosts = hostList.split(',').map((host) => URL.parse(`redis://${host}`));
  const shown = hosts.flatMap((host) => (host?.hostname ? [`${host.hostname}:${host.port || 6379}`] : []));
  return hostList !== '' && shown.length === hosts.length ? shown.join(',') : undefined;
}

/** Under which the password for a server is kept. */
export function redisSecretKey(host: string): string {
  return `redis.password ${host}`;
}
