import type { CliIo } from './io.ts';

// Of GitHub, GitLab, Azure and Bitbucket.
const variables = ['GITHUB_REPOSITORY', 'CI_PROJECT_PATH', 'BUILD_REPOSITORY_NAME', 'BITBUCKET_REPO_FULL_NAME'];

/** What the repository of these paths is called: as the CI system says, else as its folder is; `undefined` outside of one. */
export async function repositoryName(
  paths: readonly string[],
  io: Pick<CliIo, 'environment' | 'repositoryOf'>,
): Promise<string | undefined> {
  const named = variables.map((name) => io.environment[name]).find((name) => name !== undefined && name !== '');
  if (named !== undefined) {
    return named;
  }
  const root = await io.repositoryOf(paths[0] ?? '.');
  return root?.split(/[\\/]/u).findLast((part) => part !== '');
}
