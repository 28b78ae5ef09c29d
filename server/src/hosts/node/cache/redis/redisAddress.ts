export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

export interface RedisAddress {
  /** One server, or some of a cluster, of which any may be down. */
  readonly hosts: readonly RedisHost[];
  readonly database: number;
  readonly username?: string;
  readonly password?: string;
  readonly usesTls: boolean;
  /** Hosts and ports, never who one is there: for messages. */
  readonly shown: string;
}

const usualPort = 6379;
const mostHosts = 32;

/**
 * `redis://` or `rediss://` (TLS), with user, password and number of the database; several hosts of a cluster have commas
 * between them. `undefined` for anything else.
 */
export function parseRedisUrl(url: string): RedisAddress | undefined {
  const [, scheme = '', user, hostList = '', database = ''] = form.exec(url) ?? [];
  const hosts = hostList.split(',').map(parseHost);
  if (scheme === '' || hosts.length > mostHosts || hosts.some((host) => host === undefined)) {
    return undefined;
  }
  try {
    return {
      hosts: hosts.flatMap((host) => (host === undefined ? [] : [{ host: host.host, port: host.port }])),
      database: Number(database),
      ...credentials(user ?? ''),
      usesTls: scheme.toLowerCase() === 'rediss',
      shown: hosts.map((host) => host?.shown).join(','),
    };
  } catch {
    return undefined; // a per cent sign that stands for nothing
  }
}

/** The same address with this password, whatever user it names. */
export function withPassword(url: string, password: string): string {
  return url.replace(
    /^(rediss?:\/\/)(?:([^/?#]*)@)?/iu,
    (_all, scheme: string, user: string = '') =>
      `${scheme}${user.replace(/:.*$/u, '')}:${encodeURIComponent(password)}@`,
  );
}

// As in any URL the user ends at the last @.
const form = /^(rediss?):\/\/(?:([^/?#]*)@)?([^@/?#\s]+)(?:\/(\d{0,5}))?$/iu;

function parseHost(text: string): (RedisHost & { readonly shown: string }) | undefined {
  const url = URL.parse(`redis://${text}`);
  if (url === null || url.hostname === '' || url.host !== text.replace(/:$/u, '')) {
    return undefined;
  }
  const port = url.port === '' ? usualPort : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/gu, ''), port, shown: `${url.hostname}:${port}` };
}

function credentials(user: string): Pick<RedisAddress, 'username' | 'password'> {
  const colon = user.indexOf(':');
  const [username, password] = colon < 0 ? [user, ''] : [user.slice(0, colon), user.slice(colon + 1)];
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
}
