import type { Rewrite } from '../../manifests/rewrite.ts';

/**
 * How a tool is given a lower bound of a package that only others ask for, in its own style; `undefined` where nobody can say.
 * Whether the others allow that version is for the tool to find out when it locks.
 */
export function constraintText(kind: string, name: string, to: Rewrite): string | undefined {
  return boundText(kind, name, versionOf(to));
}

/** The same for a version. */
export function boundText(kind: string, name: string, version: string | undefined): string | undefined {
  const bound = `${name}>=${version ?? ''}`;
  // What is cut off is no bound.
  const where = version === undefined || bound.length > longest ? undefined : places[kind]?.(bound);
  return where === undefined ? undefined : `Or ${where}: the tool says whether all that asks for it allows that.`;
}

/** How a tool is made to take a version that others do not allow, in its own style; `undefined` where it has no way to do so. */
export function overrideText(kind: string, name: string, version: string): string | undefined {
  const how = `${name}>=${version}`.length > longest ? undefined : overrides[kind]?.(name, version);
  return how === undefined
    ? undefined
    : `To have it all the same, add ${how}: the tool then takes it, whatever others ask for.`;
}

const longest = 150;

/** By the kind of file, or the tool that compiled it. */
const places: Readonly<Record<string, (bound: string) => string>> = {
  'uv.lock': (bound) => `add "${bound}" to constraint-dependencies of [tool.uv]`,
  'poetry.lock': (bound) => `make it a direct dependency, with: poetry add "${bound}"`,
  'pdm.lock': (bound) => `make it a direct dependency, with: pdm add "${bound}"`,
  'Pipfile.lock': (bound) => `make it a direct dependency, with: pipenv install "${bound}"`,
  'pip-compile': (bound) => `add "${bound}" to a constraints file (-c) of what it is compiled from`,
  uv: (bound) => `add "${bound}" to a constraints file (-c) of what it is compiled from`,
};

const overrides: Readonly<Record<string, (name: string, version: string) => string>> = {
  'uv.lock': (name, version) => `"${name}>=${version}" to override-dependencies of [tool.uv]`,
  'pdm.lock': (name, version) => `${name} = ">=${version}" to [tool.pdm.resolution.overrides]`,
  uv: (name, version) => `"${name}>=${version}" to a file of overrides, named with --override`,
};

function versionOf(to: Rewrite): string | undefined {
  return to.kind === 'pin' ? to.version.normal : to.kind === 'replace' ? to.floor : undefined;
}
