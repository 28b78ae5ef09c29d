import assert from 'node:assert/strict';
import { repositoryPaths } from '../../../server/src/cli/repositoryPaths.ts';
import { cleanReport } from '../../support/reportFixture.ts';

interface World {
  readonly presentFolder: string;
  readonly roots: readonly string[];
  readonly typed: readonly string[];
}

async function said({ presentFolder, roots, typed }: World): Promise<readonly string[]> {
  const files = typed.map((path) => ({ path, requirements: [], problems: [] }));
  const below = await repositoryPaths(
    { ...cleanReport(), files },
    {
      presentFolder,
      repositoryOf: (path) => Promise.resolve(roots.find((root) => `${path}/`.startsWith(`${root}/`))),
    },
  );
  return typed.map(below);
}

describe('paths of a report', () => {
  const cases: Readonly<Record<string, World & { readonly want: readonly string[] }>> = {
    'are those below the root of the repository, whatever was typed': {
      presentFolder: '/shop/app/sub',
      roots: ['/shop/app'],
      typed: ['a.txt', './a.txt', '../b.txt', '/shop/app/c/d.txt', '-'],
      want: ['sub/a.txt', 'sub/a.txt', 'b.txt', 'c/d.txt', '-'],
    },
    'are found from the root of the disk, too': {
      presentFolder: '/',
      roots: ['/shop/app'],
      typed: ['shop/app/a.txt'],
      want: ['a.txt'],
    },
    'are those of another repository, where all files lie in it': {
      presentFolder: '/shop/app',
      roots: ['/shop/app', '/shop/base'],
      typed: ['../base/a.txt', '../base/sub/b.txt'],
      want: ['a.txt', 'sub/b.txt'],
    },
    'take a repository within the present one for a part of it': {
      presentFolder: '/shop/app',
      roots: ['/shop/app/vendored', '/shop/app'],
      typed: ['a.txt', 'vendored/a.txt'],
      want: ['a.txt', 'vendored/a.txt'],
    },
    'never name two files alike': {
      presentFolder: '/shop',
      roots: ['/shop/one', '/shop/two'],
      typed: ['one/a.txt', 'two/a.txt', '/elsewhere/a.txt'],
      want: ['one/a.txt', 'two/a.txt', '/elsewhere/a.txt'],
    },
    'are below the present folder without a repository': {
      presentFolder: '/shop',
      roots: [],
      typed: ['./a.txt', '/shop/b.txt', '/c.txt'],
      want: ['a.txt', 'b.txt', '/c.txt'],
    },
  };
  for (const [name, { want, ...world }] of Object.entries(cases)) {
    it(name, async () => assert.deepEqual(await said(world), want));
  }
});
