import { maskSecrets } from '../core/text/maskSecrets.ts';

/**
 * The https address behind a URL of a requirements file, without the credentials, the revision and the fragment it may
 * carry. `undefined` where it is not plain https, or has a query, which may be a secret and cannot be left out.
 */
export function webAddress(url: string): string | undefined {
  const match =
    /^(?:(?:git|hg|svn|bzr)\+)?https:\/\/(?:[^/?#@\s]*@)?([a-z0-9.-]+(?::\d+)?)(\/[^?#\s]*)?(?:#\S*)?$/iu.exec(url);
  const [, host = '', path = ''] = match ?? [];
  // Behind an `@` of the path stands the revision of a repository.
  const place = /^https/iu.test(url) ? path : path.replace(/@[^@]*$/u, '');
  return host !== '' &&
    maskSecrets(`https://${host}${path}`) === `https://${host}${path}` &&
    url.length <= longestUrl &&
    /^[A-Za-z0-9._~!$&'()*+,;=:@%/-]*$/u.test(place)
    ? `https://${host.toLowerCase()}${place}`
    : undefined;
}

const longestUrl = 2_000;
