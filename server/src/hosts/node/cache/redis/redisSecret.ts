import { parseRedisUrl, withPassword } from './redisAddress.ts';

/** A password, and the one server that it is for. */
export interface RedisSecret {
  /** `host:port`, or several with commas; any where absent. */
  readonly host?: string;
  readonly password: string;
}

/**
 * Takes the password out of the environment, where our client puts it: it then stands in no message, and so in no trace of
 * them, and no thread inherits it.
 */
export function takeRedisSecret(environment: Record<string, string | undefined>): RedisSecret | undefined {
  const { PINWATCH_REDIS_PASSWORD: password = '', PINWATCH_REDIS_PASSWORD_HOST: host } = environment;
  delete environment['PINWATCH_REDIS_PASSWORD'];
  delete environment['PINWATCH_REDIS_PASSWORD_HOST'];
  return password === '' ? undefined : { password, ...(host === undefined || host === '' ? {} : { host }) };
}

/** The address with the password, where it is meant for that server: another one never gets to see it. */
export function withRedisSecret(url: string, secret: RedisSecret | undefined): string {
  const address = parseRedisUrl(url);
  if (secret === undefined || address === undefined || address.password !== undefined) {
    return url;
  }
  if (secret.host !== undefined && secret.host !== address.shown) {
    return url;
  }
  return withPassword(url, secret.password);
}
