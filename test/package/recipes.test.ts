import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { type NpmRegistry, startNpmRegistry } from '../support/npmRegistry.ts';
import { runProgram } from '../support/runProgram.ts';
import { environmentWith, newNode, root } from './nodes.ts';
import { recipeJobs, type RecipeStep } from './recipeJobs.ts';
import { askingOnly } from './standIn.ts';

describe('the recipes for CI', function () {
  this.timeout(60_000);
  const jobs = recipeJobs();
  let folder: string;
  let service: OsvService;
  let registry: NpmRegistry;
  let gitlab: Server;
  const comments: string[] = [];

  before(async function () {
    if (process.platform === 'win32' || !existsSync('/bin/bash')) {
      console.log('      skipped: there is no bash on this machine');
      return this.skip();
    }
    folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-recipes-'));
    service = await startOsvService({ records: [demoRecords] });
    registry = await startNpmRegistry(
      path.join(root, 'dist', 'npm', 'package.json'),
      path.join(root, 'dist', 'pinwatch.tgz'),
    );
    gitlab = createServer((request, response) => {
      void text(request).then((body) => {
        comments.push(`${request.method} ${request.url} ${body}`);
        response.writeHead(201).end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(gitlab, 'listening');
  });
  after(async () => {
    registry?.close();
    gitlab?.close();
    await service?.close();
    if (folder !== undefined) {
      rmSync(folder, { recursive: true });
    }
  });
  afterEach(() => service.reset());

  it('are there for each service', () => {
    const pages = new Set(jobs.map(({ title }) => title.replace(/, job .*/u, '')));
    assert.deepEqual(
      [...pages],
      ['azure', 'github', 'gitlab', 'jenkins'].map((name) => `docs/ci/${name}.md`),
    );
  });

  /** What the services set for a job, in folders of its own. */
  function environmentOf(job: string): NodeJS.ProcessEnv {
    const inJob = (name: string): string => {
      mkdirSync(path.join(job, name), { recursive: true });
      return path.join(job, name);
    };
    const prefix = inJob('prefix');
    const home = inJob('home');
    writeFileSync(path.join(home, '.npmrc'), `registry=${registry.url}\n`);
    const env = environmentWith(newNode);
    return {
      ...env,
      ...askingOnly(service.url, job),
      PATH: `${path.join(prefix, 'bin')}${path.delimiter}${env['PATH'] ?? ''}`,
      HOME: home,
      npm_config_userconfig: path.join(home, '.npmrc'),
      npm_config_registry: undefined,
      npm_config_prefix: prefix,
      npm_config_cache: inJob('cache'),
      RUNNER_TEMP: inJob('temp'),
      GITHUB_STEP_SUMMARY: path.join(job, 'summary.md'),
      BUILD_ARTIFACTSTAGINGDIRECTORY: inJob('staging'),
      AGENT_TEMPDIRECTORY: inJob('temp'),
      WORKSPACE_TMP: inJob('temp'),
      CI_API_V4_URL: `http://127.0.0.1:${(gitlab.address() as AddressInfo).port}/api/v4`,
      CI_PROJECT_ID: '1',
      CI_MERGE_REQUEST_IID: '2',
      PINWATCH_TOKEN: 'a-token',
    };
  }

  /** The exit code of the first step that failed, else 0; and what the steps wrote. */
  async function run(steps: readonly RecipeStep[], cwd: string, env: NodeJS.ProcessEnv): Promise<[number, string]> {
    let firstCode = 0;
    let written = '';
    for (const { script, isAlways } of steps) {
      if (firstCode !== 0 && !isAlways) {
        continue;
      }
      const { code, out, err } = await runProgram('/bin/bash', ['-e', '-o', 'pipefail', '-c', script], { cwd, env });
      written += `$ ${script}\n${out}${err}`;
      firstCode = firstCode === 0 ? (code ?? -1) : firstCode;
    }
    return [firstCode, written];
  }

  const comparing = jobs.filter(({ steps }) => steps.some(({ script }) => script.includes('--baseline')));

  for (const { title, steps } of comparing) {
    it(`${title}: fails for what the base branch has not, and for what could not be checked`, async () => {
      const job = mkdtempSync(path.join(folder, 'job-'));
      const env = { ...environmentOf(job), ...asAuthor };
      const cwd = path.join(job, 'checkout');
      mkdirSync(cwd);
      const commit = async (requirements: string): Promise<void> => {
        writeFileSync(path.join(cwd, 'requirements.txt'), requirements);
        const script = 'git init --quiet && git add . && git commit --quiet --message requirements';
        const { code, err } = await runProgram('/bin/bash', ['-e', '-c', script], { cwd, env });
        assert.equal(code, 0, err);
      };
      /** Each time on a machine of its own. */
      const check = async (isFirst = false): Promise<[number, string]> => {
        rmSync(path.join(job, 'temp'), { recursive: true });
        mkdirSync(path.join(job, 'temp'));
        const prune = { script: 'git worktree prune', isAlways: false };
        return run([prune, ...steps.filter(({ script }) => isFirst || !script.includes('npm install'))], cwd, env);
      };
      await commit('django==3.2.0\n');
      await commit('six==1.16.0\ndjango==3.2.0\n');
      const [known, report] = await check(true);
      assert.equal(known, 0, report);
      assert.match(report, /^::notice .*CVE-2021-35042/mu);

      await commit('six==1.16.0\ndjango==3.2.0\nrequests==2.19.1\n');
      const [isNew, found] = await check();
      assert.equal(isNew, 1, found);
      service.faults.set('all', { kind: 'html', status: 200 });
      const [incomplete, unread] = await check();
      assert.equal(incomplete, 3, unread);
    });
  }

  for (const { title, steps } of jobs.filter((job) => !comparing.includes(job))) {
    it(`${title}: fails for what is vulnerable and for what could not be checked, and for nothing else`, async function () {
      const scripts = steps.map(({ script }) => script).join('\n');
      if (scripts.includes('curl') && !existsSync('/usr/bin/curl')) {
        console.log('      skipped: there is no curl on this machine');
        return this.skip();
      }
      const isComment = scripts.includes('--fail-on none');
      const job = mkdtempSync(path.join(folder, 'job-'));
      const env = environmentOf(job);
      const cwd = path.join(job, 'checkout');
      mkdirSync(cwd);
      const requirements = path.join(cwd, 'requirements.txt');
      // Of a stranger: npm must not read it.
      writeFileSync(path.join(cwd, '.npmrc'), 'registry=http://127.0.0.1:9/\n');
      // A recipe that shows a part of another one needs what that installs.
      const isPart = !scripts.includes('npm install');
      const install = `npm install --prefix "$WORKSPACE_TMP/pinwatch" --no-save pinwatch@0.1.0`;
      const before = isPart ? [{ script: `cd "$WORKSPACE_TMP" && ${install}`, isAlways: false }] : [];

      writeFileSync(requirements, 'django==3.2.0\n');
      const [vulnerable, report] = await run([...before, ...steps], cwd, env);
      assert.equal(vulnerable, isComment ? 0 : 1, report);
      assert.match(report + comments.join('\n') + read(env['GITHUB_STEP_SUMMARY']), /CVE.{1,2}2021.{1,2}35042/u); // Markdown escapes it
      for (const [, file = ''] of scripts.matchAll(/--output "?(?:sarif|json|cyclonedx|markdown)=(.*?)"?[\s$]/gu)) {
        const place = file.replace(/\$(\w+)/gu, (_, name: string) => env[name] ?? '');
        assert.ok(existsSync(path.resolve(cwd, place)), `${place} is not there\n${report}`);
      }

      const scans = steps.map((step) => ({ ...step, script: step.script.replace(/^npm install --global.*$/gmu, '') }));
      const again = scans.filter(({ script }) => !script.includes('npm install'));
      writeFileSync(requirements, 'six==1.16.0\n');
      assert.deepEqual((await run(again, cwd, env))[0], 0);
      service.faults.set('all', { kind: 'html', status: 200 });
      const [incomplete, unread] = await run(again, cwd, env);
      assert.equal(incomplete, isComment ? 0 : 3, unread);
      if (isComment) {
        assert.match(comments.at(-1) ?? '', /^POST .*incomplete/su);
      }
    });
  }
});

const asAuthor = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};

function read(file: string | undefined): string {
  return file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : '';
}
