import type { ShellWord } from './shellWords.ts';

/** The index of the first argument behind `pip install`, `python -m pip install` or `uv pip install`; `undefined` for any other command. */
export function pipArguments(words: readonly ShellWord[]): number | undefined {
  const texts = words.map(({ source }) => source.text);
  return directly(texts) ?? wrapped(texts);
}

/** The script of `bash -c`, behind whatever runs that; `undefined` for any other command. */
export function shellScript(words: readonly ShellWord[]): ShellWord | undefined {
  const texts = words.slice(0, mostBefore).map(({ source }) => source.text);
  if (texts[0] === 'eval' && words.length === 2) return words[1];
  const at = notWrapping.has(texts[0] ?? '') ? -1 : texts.findIndex((text) => shell.test(text));
  const option = at < 0 ? -1 : texts.findIndex((text, index) => index > at && /^-[a-z]*c$/u.test(text));
  const isDirect =
    namesUser.test(texts[at] ?? '') || texts.slice(at + 1, option).every((text) => /^-|^pipefail$/u.test(text));
  return option < 0 || !isDirect ? undefined : words[option + 1];
}

const shell = /^(?:.*\/)?(?:(?:ba|da|a|z|k)?sh|su|runuser)$/su;
const namesUser = /u(?:ser)?$/u;

/** Whether an option of pip or uv takes the next word for its value. */
export function takesValue(option: string): boolean {
  return valueOptions.has(option) || /^-[qvUIn]+[iftCpbP]$/u.test(option);
}

/** The index of the program: behind variables that are set for it, `sudo` and their like. */
export function behindPrefixes(texts: readonly string[]): number {
  let at = 0;
  while (at < texts.length && (/^\w+=/u.test(texts[at] ?? '') || prefixes.has(texts[at] ?? ''))) at++;
  return at;
}

function directly(texts: readonly string[]): number | undefined {
  const at = behindPrefixes(texts);
  const program = texts[at] ?? '';
  if (pip.test(program)) return install(texts, at + 1);
  if (python.test(program)) {
    const [module, next] = moduleOf(texts, at + 1);
    if (module === 'pip') return install(texts, next);
    return module === 'uv' && texts[next] === 'pip' ? install(texts, next + 1) : undefined;
  }
  if (!/^(?:.*\/)?uv$/su.test(program)) return undefined;
  const next = behindOptions(texts, at + 1);
  return texts[next] === 'pip' ? install(texts, next + 1) : undefined;
}

/** What `-m` names behind the flags of Python (`-m pip`, `-mpip`, `-Im pip`), and where its arguments begin. */
function moduleOf(texts: readonly string[], from: number): readonly [module: string | undefined, next: number] {
  for (let at = from; ; at++) {
    const text = texts[at] ?? '';
    const [, module] = /^-[a-zA-Z]*?m(\w*)$/u.exec(text) ?? [];
    if (module !== undefined) return module === '' ? [texts[at + 1], at + 2] : [module, at + 1];
    if (text === '-X' || text === '-W') at++;
    else if (!/^-[a-zA-Z0-9.]+$/u.test(text)) return [undefined, at];
  }
}

function install(texts: readonly string[], from: number): number | undefined {
  const at = behindOptions(texts, from);
  return texts[at] === 'install' ? at + 1 : undefined;
}

function behindOptions(texts: readonly string[], from: number): number {
  let at = from;
  while (texts[at]?.startsWith('-') === true) at += takesValue(texts[at] ?? '') ? 2 : 1;
  return at;
}

// As `pyenv exec python -m pip install`.
const mostBefore = 12;

/** Behind a program that runs it, or by one that installs packages itself. */
function wrapped(texts: readonly string[]): number | undefined {
  const [first = '', second = ''] = texts;
  if (!notWrapping.has(first) || (first === 'conda' && second === 'run')) {
    for (let at = 1; at < Math.min(texts.length, mostBefore); at++) {
      const found = directly(texts.slice(at));
      if (found !== undefined) return at + found;
    }
  }
  return installers.find((words) => words.every((word, at) => texts[at] === word))?.length;
}

const prefixes: ReadonlySet<string> = new Set([
  ...['sudo', 'exec', 'time', 'env', '!', 'then', 'do', 'else', '-E', '-H', 'command', 'if', '{'],
]);

// `$PIP` and `$(which pip)` are run as well.
const pip =
  /^(?:(?:.*[\\/])?pip[0-9.]*(?:\.exe)?|\$\{?\w*(?:pip|PIP)[\w]*\}?|\$\((?:which|command -v) pip[0-9.]*\))$/su;
const python =
  /^(?:.*[\\/])?(?:(?:py|python|pypy)[0-9.]*(?:\.exe)?|\{sys\.executable\}|"\{sys\.executable\}"|\$\{?\w*[pP][yY]\w*\}?)$/su;

const notWrapping: ReadonlySet<string> = new Set([
  ...['echo', 'printf', 'cat', 'grep', 'pip', 'uv', 'apt', 'apt-get', 'apk', 'conda'],
]);

const installers: readonly (readonly string[])[] = [
  ['pipx', 'install'],
  ['uv', 'tool', 'install'],
  ['uv', 'add'],
  ['poetry', 'add'],
  ['pipenv', 'install'],
  ['pdm', 'add'],
];

const valueOptions: ReadonlySet<string> = new Set(
  (
    '-i --index-url --pypi-url --extra-index-url -f --find-links -t --target --prefix --root --platform --python-version --python ' +
    '-p --implementation --abi --trusted-host --cache-dir --upgrade-strategy --no-binary --only-binary --timeout --default-timeout ' +
    '--retries --proxy --cert --client-cert --src --progress-bar --log --report --root-user-action --global-option --build-option ' +
    '--install-option --config-settings -C -b --build --exists-action --index --default-index --index-strategy --keyring-provider ' +
    '--link-mode --torch-backend --prerelease --resolution --exclude-newer -P --upgrade-package --reinstall-package --overrides ' +
    '--override --build-constraint --config-file --group --extra --use-feature --use-deprecated --hash --python-platform ' +
    '--allow-insecure-host --no-build-isolation-package --refresh-package --directory --project --local-log --log-file ' +
    '--config-setting --config-settings-package --build-constraints --excludes --fork-strategy --exclude-newer-package ' +
    '--uploaded-prior-to --requirements-from-script --color --no-build-package --no-sources-package'
  ).split(' '),
);
