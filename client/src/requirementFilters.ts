import { languageId } from '../../protocol/ids.ts';

export interface RequirementFilter {
  readonly scheme: string;
  readonly language?: string;
  readonly pattern?: string;
}

// Users may give these files another language by `files.associations`, so the names count as well.
const patterns = [
  '**/*requirements*.{txt,in,pip}',
  '**/*constraints*.{txt,in,pip}',
  '**/requirements/**/*.{txt,in,pip}',
  '**/constraints/**/*.{txt,in,pip}',
  '**/{pyproject,pixi,pylock,pylock.*,tox,hatch,uv}.toml',
  '**/{uv,pdm*,*poetry*,*.py}.lock',
  '**/{Pipfile,Pipfile.lock,setup.cfg,setup.py,tox.ini}',
  '**/.pre-commit-config.{yaml,yml}',
  '**/*env*.{yaml,yml}',
  '**/*conda*.{yaml,yml}',
  '**/{Dockerfile,Containerfile,dockerfile,Dockerfile.*,Containerfile.*,*.Dockerfile,*.dockerfile,*.Containerfile}',
] as const;

/** Where a file system cannot be searched, these are looked for. A test compares the activation events. */
export const usualFiles: readonly string[] = [
  'requirements.txt',
  'requirements.in',
  'requirements/base.txt',
  'requirements/base.in',
  'pyproject.toml',
  'uv.lock',
  'poetry.lock',
  'Pipfile',
  'setup.cfg',
];

/** The names of requirements files, with the patterns of `pinwatch.files.include`. */
export function requirementPatterns(include: readonly string[]): readonly string[] {
  return [...patterns, ...include.filter((pattern) => pattern !== '').map(anywhere)];
}

/** Which documents go to the server: by language, by name, and by the patterns of `pinwatch.files.include`. */
export function requirementFilters(
  include: readonly string[],
  schemes: Iterable<string>,
): readonly RequirementFilter[] {
  const all = requirementPatterns(include);
  return [...schemes].flatMap((scheme) => [
    { scheme, language: languageId },
    ...all.map((pattern) => ({ scheme, pattern })),
  ]);
}

/** Editors match a pattern against the whole path; `deps/*.txt` is meant below a folder. */
function anywhere(pattern: string): string {
  return pattern.startsWith('/') || pattern.startsWith('**') ? pattern : `**/${pattern.replace(/^\.\//u, '')}`;
}
