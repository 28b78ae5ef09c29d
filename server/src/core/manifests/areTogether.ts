/** Where a requirement is in its file. */
export interface Placed {
  readonly scope?: string;
  readonly when?: string;
}

/**
 * Whether two requirements of one file are installed together, so that their versions have to agree. What tools install by itself
 * (environments, hooks, builds, the commands of an image) says nothing of the rest of the file.
 */
export function areTogether(a: Placed, b: Placed): boolean {
  if (a.when !== b.when) return false;
  const [one, other] = [placeOf(a.scope), placeOf(b.scope)];
  if (one === commands || other === commands) return false;
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`) || isAdded(one, other);
}

/**
 * Whether the lock or the environment of the project has what is asked for there: not what tools install by itself, nor what conda
 * does.
 */
export function isInstalledWithProject({ scope }: Placed): boolean {
  return scope !== 'pip' && placeOf(scope) === project;
}

/**
 * Whether the other one is installed wherever the own one is, so that it decides which versions come: nobody has to choose an extra,
 * a group, a feature or an environment. What is asked for there says nothing about a line that is installed without it.
 */
export function isInstalledWith(own: Placed, other: Placed): boolean {
  const isChosen = /^(?:optional|group|env|feature|target):/u.test(other.scope ?? '');
  const isWithin = own.scope === other.scope || own.scope?.startsWith(`${other.scope ?? ''}/`) === true;
  return areTogether(own, other) && (!isChosen || isWithin);
}

/** What is added to what the project itself asks for. */
function isAdded(one: string, other: string): boolean {
  const [first, second] = one === project ? [one, other] : [other, one];
  return first === project && /^(?:env|feature|target):/u.test(second);
}

const project = 'project';
const commands = 'commands';

function placeOf(scope: string | undefined): string {
  if (
    scope === undefined ||
    /^(?:optional|group):|^(?:dependencies|constraint|override|script|pip|lock|installed)$/u.test(scope)
  ) {
    return project;
  }
  if (/^build(?:-constraint)?$/u.test(scope)) return 'build';
  return /^(?:run|cell)$/u.test(scope) ? commands : scope;
}
