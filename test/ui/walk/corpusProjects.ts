import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root } from '../uiWindow.ts';

/** Real projects, beside the repository and never in it: the newest text of each of their requirements files. */
export interface WalkedProject {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

const shared = path.join(root, '../shared');
/** All advisories that are known of PyPI's packages. */
export const recordsFile = path.join(shared, 'osv-pypi/records.jsonl.gz');

const chosen: readonly { readonly name: string; readonly repo: string; readonly under?: RegExp }[] = [
  { name: 'compiled with hashes', repo: 'mozilla/pontoon', under: /^requirements\/(?:prod|default)\.txt$/u },
  { name: 'folder with includes', repo: 'bentoml/BentoML' },
  { name: 'folder with constraints', repo: 'certbot/certbot' },
  { name: 'conda freeze', repo: 'microsoft/vscode-python', under: /manualTestFiles/u },
  { name: 'ML ranges', repo: 'coqui-ai/TTS' },
  { name: 'broken', repo: 'cookiecutter/cookiecutter-django' },
];

export function corpusProjects(): readonly WalkedProject[] {
  const packed = readFileSync(path.join(shared, 'requirements-corpus/files.jsonl.gz'));
  const all = gunzipSync(packed)
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CorpusFile);
  return chosen.map(({ name, repo, under }) => {
    const own = all.filter((file) => file.repo === repo && file.derive === undefined && file.text !== undefined);
    const files = own.filter((file) => under === undefined || under.test(file.path));
    return { name, files: Object.fromEntries(files.map((file) => [file.path, file.text ?? ''])) };
  });
}

interface CorpusFile {
  readonly repo: string;
  readonly path: string;
  readonly text?: string;
  readonly derive?: unknown;
}
