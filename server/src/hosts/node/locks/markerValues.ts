import path from 'node:path';
import type { MarkerValues } from '../../../core/markers/holdsIn.ts';
import { loadFile } from '../files/loader.ts';

// It has a dozen lines.
const mostBytes = 64 * 1024;

/** What the variables of markers stand for in an environment of this machine; without what nothing there says. */
export async function markerValuesIn(
  environment: string,
  sites: readonly string[],
  signal: AbortSignal | undefined,
): Promise<MarkerValues> {
  const loaded = await loadFile(path.join(environment, 'pyvenv.cfg'), { within: [environment], mostBytes, signal });
  return markerValues('error' in loaded ? '' : new TextDecoder().decode(loaded.bytes), sites, process);
}

/** `config`: the text of its `pyvenv.cfg`; empty where there is none. */
export function markerValues(
  config: string,
  sites: readonly string[],
  { platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'>,
): MarkerValues {
  const full = /^version(?:_info)?[ \t]*=[ \t]*(\d+\.\d+\.\d+)/mu.exec(config)?.[1];
  const folders = sites.map((site) => path.basename(path.dirname(site)));
  const named = new Set(folders.flatMap((name) => /^(?:python|pypy)(\d+\.\d+)t?$/u.exec(name)?.[1] ?? []));
  const minor = /^\d+\.\d+/u.exec(full ?? '')?.[0] ?? (named.size === 1 ? [...named][0] : undefined);
  const isPyPy = folders.some((name) => name.startsWith('pypy')) || /^implementation[ \t]*=[ \t]*pypy/imu.test(config);
  const system = systems[platform];
  return new Map([
    ...(full === undefined ? [] : [['python_full_version', full] as const]),
    ...(minor === undefined ? [] : [['python_version', minor] as const]),
    ['implementation_name', isPyPy ? 'pypy' : 'cpython'],
    ['platform_python_implementation', isPyPy ? 'PyPy' : 'CPython'],
    ...(system === undefined
      ? []
      : ([
          ['sys_platform', platform],
          ['platform_system', system.name],
          ['os_name', platform === 'win32' ? 'nt' : 'posix'],
          ...(system.machines[arch] === undefined ? [] : [['platform_machine', system.machines[arch]] as const]),
        ] as const)),
  ]);
}

interface System {
  readonly name: string;
  /** By what Node calls them. */
  readonly machines: Readonly<Record<string, string>>;
}

const systems: Readonly<Record<string, System>> = {
  linux: { name: 'Linux', machines: { x64: 'x86_64', arm64: 'aarch64' } },
  darwin: { name: 'Darwin', machines: { x64: 'x86_64', arm64: 'arm64' } },
  win32: { name: 'Windows', machines: { x64: 'AMD64', arm64: 'ARM64' } },
};
