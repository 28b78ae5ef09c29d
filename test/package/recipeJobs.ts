import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './nodes.ts';
import { objectsIn, readYaml } from './readYaml.ts';

/** What one machine of a CI service does for a recipe. */
export interface RecipeJob {
  readonly title: string;
  readonly steps: readonly RecipeStep[];
}

export interface RecipeStep {
  readonly script: string;
  /** It runs after a failed step, too. */
  readonly isAlways: boolean;
}

/** The jobs with shell commands that the pages in `docs/ci` show, in their order. */
export function recipeJobs(): readonly RecipeJob[] {
  const folder = path.join(root, 'docs', 'ci');
  return readdirSync(folder).flatMap((file) => {
    const blocks = codeBlocks(readFileSync(path.join(folder, file), 'utf8'));
    const jobs = blocks.flatMap(({ language, code }) =>
      language === 'groovy' ? groovyJob(code) : yamlJobs(language, code),
    );
    return jobs
      .filter((steps) => steps.length > 0)
      .map((steps, index) => ({ title: `docs/ci/${file}, job ${index + 1}`, steps }));
  });
}

export function codeBlocks(markdown: string): readonly { readonly language: string; readonly code: string }[] {
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gmsu)].map(([, language = '', code = '']) => ({
    language,
    code,
  }));
}

function yamlJobs(language: string, code: string): readonly (readonly RecipeStep[])[] {
  if (language !== 'yaml') {
    return [];
  }
  return [...objectsIn(readYaml(code))].map((one) => [
    // GitLab runs all commands of a job in one shell.
    ...oneShell([...texts(one['before_script']), ...texts(one['script'])]),
    // GitHub and Azure run each step in its own.
    ...(Array.isArray(one['steps']) ? one['steps'].flatMap(stepOf) : []),
  ]);
}

function stepOf(step: unknown): readonly RecipeStep[] {
  const { run, bash, if: condition = '' } = step as Readonly<Record<string, unknown>>;
  const script = run ?? bash;
  return typeof script === 'string' ? [{ script, isAlways: String(condition).includes('!cancelled()') }] : [];
}

/** The strings in `'''` of a Jenkinsfile, which are its shell commands. */
function groovyJob(code: string): readonly (readonly RecipeStep[])[] {
  const scripts = [...code.matchAll(/'''(.*?)'''/gsu)].map(([, script = '']) => script.replaceAll('\\\\', '\\'));
  return [scripts.map((script) => ({ script, isAlways: false }))];
}

function oneShell(commands: readonly string[]): readonly RecipeStep[] {
  return commands.length === 0 ? [] : [{ script: commands.join('\n'), isAlways: false }];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
