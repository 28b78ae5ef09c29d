/** The manifest of the npm package: what both packages have in common, from that of the repository, and words of its own. */
export function manifestForNpm(
  ofExtension: Manifest,
  env: NodeJS.ProcessEnv,
): Manifest & Readonly<Record<string, unknown>> {
  const { name, version, license, keywords, bin, engines } = ofExtension;
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  return {
    name,
    version,
    description:
      'Checks Python requirements for known vulnerabilities on the command line and in CI. Data from OSV.dev.',
    license,
    keywords,
    // npm attests the origin of a package only where it names the repository that its release ran in.
    ...(server !== undefined &&
      repository !== undefined && { repository: { type: 'git', url: `git+${server}/${repository}.git` } }),
    bin,
    engines: { node: engines.node },
  };
}

/** What both packages have in common. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly keywords: readonly string[];
  readonly bin: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
}
