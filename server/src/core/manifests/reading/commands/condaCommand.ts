import { behindPrefixes } from './pipCommand.ts';
import type { ShellWord } from './shellWords.ts';

/** The packages that `conda install`, `mamba create` and their like name; nothing for any other command. */
export function condaPackages(words: readonly ShellWord[]): readonly ShellWord[] {
  const texts = words.map(({ source }) => source.text);
  let at = behindPrefixes(texts);
  if (!/^(?:.*\/)?(?:conda|mamba|micromamba)(?:\.exe)?$/su.test(texts[at] ?? '')) return [];
  at++;
  while (texts[at]?.startsWith('-') === true) at += takesValue(texts[at] ?? '') ? 2 : 1;
  if (!/^(?:install|create|update|upgrade)$/u.test(texts[at] ?? '')) return [];
  const packages: ShellWord[] = [];
  for (at++; at < words.length; at++) {
    const [word, text] = [words[at], texts[at]];
    if (word === undefined || text === undefined || text === '') continue;
    if (!text.startsWith('-')) packages.push(word);
    else if (takesValue(text)) at++;
  }
  return packages;
}

function takesValue(option: string): boolean {
  return valueOptions.has(option);
}

const valueOptions: ReadonlySet<string> = new Set(
  (
    '-n --name -p --prefix -c --channel -f --file -r --root-prefix --rc-file --solver --experimental-solver --repodata-fn --platform ' +
    '--subdir --revision --clone --python'
  ).split(' '),
);
