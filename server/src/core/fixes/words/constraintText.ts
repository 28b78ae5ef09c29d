import type { Rewrite } from '../../manifests/rewrite.ts';

/**
 * How a tool is given a lower bound of a package that only others ask for, in its own style; `undefined` where nobody can say.
 * Whether the others allow that version is for the tool to find out when it locks.
 */
export function constraintText(kind: string, name: string, to: Rewrite): string | undefined {
  const version = versionOf(to);
  const bound = `${name}>=${version ?? ''}`;
  // What is cut off is no bound.
  const where = version === undefined || bound.length > longest ? undefined : places[kind]?.(bound);
  return where === undefined ? undefined : `Or ${where}: the tool says whether all that asks for it allows that.`;
}

const longest = 150;

const places: Readonly<Record<string, (bound: string) => string>> = {
  'uv.lock': (bound) => `add "${bound}" to constraint-dependencies of [tool.uv]`,
  'poetry.lock': (bound) => `make it a direct dependency, with: poetry add "${bound}"`,
  'pdm.lock': (bound) => `make it a direct dependency, with: pdm add "${bound}"`,
  'Pipfile.lock': (bound) => `make it a direct dependency, with: pipenv install "${bound}"`,
};

function versionOf(to: Rewrite): string | undefined {
  return to.kind === 'pin' ? to.version.normal : to.kind === 'replace' ? to.floor : undefined;
}
