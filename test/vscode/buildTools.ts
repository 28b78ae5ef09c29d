import { aptInstall } from './aptInstall.ts';
import { pathOfTool } from './pathOfTool.ts';

/** What compiles VS Code's two native modules, and the Debian package of each. */
const buildTools = [
  { tool: 'g++', debianPackage: 'g++' },
  { tool: 'make', debianPackage: 'make' },
  { tool: 'python3', debianPackage: 'python3' },
] as const;

export interface BuildToolsWorld {
  readonly has: (tool: string) => boolean;
  /** False where nothing may be installed here. */
  readonly install: (packages: readonly string[], onStart: () => void) => Promise<boolean>;
}

const thisMachine: BuildToolsWorld = { has: (tool) => pathOfTool(tool) !== undefined, install: aptInstall };

/** Sees to it that a compiler is there, by apt-get where we may; says in words what is missing where we may not. */
export async function ensureBuildTools(log: (line: string) => void, world = thisMachine): Promise<void> {
  if (!world.has('npm')) {
    throw new Error('VS Code cannot be installed: npm is not on PATH. It comes with Node.js.');
  }
  const missing = buildTools.filter(({ tool }) => !world.has(tool));
  if (missing.length === 0) return;
  const packages = missing.map(({ debianPackage }) => debianPackage);
  const trouble = await world
    .install(packages, () => log(`Build tools: installing ${packages.join(', ')} with apt-get`))
    .then(
      () => '',
      (error: unknown) => ` apt-get did not help: ${error instanceof Error ? error.message : String(error)}`,
    );
  const stillMissing = missing.filter(({ tool }) => !world.has(tool)).map(({ tool }) => tool);
  if (stillMissing.length === 0) return;
  throw new Error(
    `VS Code cannot be installed: ${stillMissing.join(', ')} not found on PATH. Two of its modules are compiled here; ` +
      `on Debian or Ubuntu: apt-get install ${packages.join(' ')}.${trouble}`,
  );
}
