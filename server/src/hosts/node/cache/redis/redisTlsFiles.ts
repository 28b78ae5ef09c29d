import { readFileSync, statSync } from 'node:fs';
import { errorCode } from '../../files/errorCode.ts';
import type { RedisTls } from './redisNodes.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const variables = { ca: 'PINWATCH_REDIS_CA', cert: 'PINWATCH_REDIS_CERT', key: 'PINWATCH_REDIS_KEY' } as const;
const mostBytes = 1024 * 1024;

/**
 * What the environment names for `rediss://`: files in PEM with the certificates to trust, and with our own certificate and
 * its key for servers that want one. A text says why they cannot be had, for people.
 */
export function readRedisTls(environment: Environment): RedisTls | string {
  const tls: { -readonly [part in keyof RedisTls]: RedisTls[part] } = {};
  for (const part of ['ca', 'cert', 'key'] as const) {
    const path = environment[variables[part]] ?? '';
    if (path === '') {
      continue;
    }
    const text = readPem(path);
    if (typeof text !== 'string') {
      return `the file that ${variables[part]} names cannot be read (${text.why}).`;
    }
    tls[part] = text;
  }
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    return `${variables.cert} and ${variables.key} need each other.`;
  }
  return tls;
}

function readPem(path: string): string | { readonly why: string } {
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > mostBytes) {
      return { why: 'it is no file of ordinary size' };
    }
    const text = readFileSync(path, 'utf8');
    return text.includes('-----BEGIN ') ? text : { why: 'it is not PEM' };
  } catch (error) {
    return { why: errorCode(error) || 'it failed' };
  }
}
