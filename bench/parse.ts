import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parsePipRequirementsFile } from 'pip-requirements-js';
import { applyEdits } from '../server/src/core/manifests/pip/edit/applyEdits.ts';
import { parseFile } from '../server/src/core/manifests/pip/parse/parseFile.ts';
import { type CorpusFile, readCorpus } from './corpus.ts';
import { interleave } from './interleave.ts';
import { printRatio } from './printRatio.ts';
import { median } from './ratio.ts';

/** A full parse against another parser and pip itself, and one typed character against a full parse. */
export async function benchParse(): Promise<void> {
  const corpus = readCorpus();
  for (const suffix of ['home-assistant.in', 'requirements/prod.txt']) {
    const file = corpus
      ?.filter((one) => one.path.endsWith(suffix))
      .sort((a, b) => b.text.length - a.text.length)
      .at(0);
    if (file !== undefined) {
      await fullParse(file);
    }
  }
  await oneCharacter();
}

async function fullParse({ path: name, text: whole }: CorpusFile): Promise<void> {
  // Includes lead to files that are not here.
  const text = whole.replace(/^-[rc] .*$/gmu, '');
  const size = `${name}, ${text.split('\n').length} lines, ${Math.round(text.length / 1000)} kB`;
  const readable = readableByPeer(text);
  if (readable === undefined) {
    console.log(`${size}: pip-requirements-js does not parse it`);
  }
  const samples = await interleave(
    [
      { name: 'pinwatch', measure: () => timed(() => parseFile(text)) },
      ...(readable === undefined ? [] : [{ name: 'peer', measure: () => timed(() => parsePipRequirementsFile(text)) }]),
    ],
    { rounds: 15, warmUp: 5 },
  );
  if (readable !== undefined) {
    printRatio(`pip-requirements-js on ${size}`, samples, 'peer', { name: 'pinwatch', title: 'pinwatch' });
  }
  const ours = median(samples.get('pinwatch') ?? []);
  const pipMs = timePip(text);
  console.log(
    pipMs === undefined
      ? `pip on ${size}: skipped, there is no python3 with pip`
      : `pip ${pipMs.version} on ${size}: ${(pipMs.ms / ours).toFixed(0)} × pinwatch (best of 5: ${pipMs.ms.toFixed(1)} ms, pinwatch median ${ours.toFixed(2)} ms)`,
  );
}

async function oneCharacter(): Promise<void> {
  const text = Array.from({ length: 10_000 }, (_, index) => `package-${index}==1.${index}.0  # a comment\n`).join('');
  let file = parseFile(text);
  const at = text.indexOf('package-5000==') + 'package-5000==1.'.length;
  let typed = false;
  const typeOne = (): number => {
    const start = performance.now();
    file = applyEdits(file, [typed ? { start: at, end: at + 1, text: '' } : { start: at, end: at, text: '7' }]);
    typed = !typed;
    return performance.now() - start;
  };
  const samples = await interleave(
    [
      { name: 'full', measure: () => timed(() => parseFile(text)) },
      { name: 'edit', measure: () => Promise.resolve(median(Array.from({ length: 20 }, typeOne))) },
    ],
    { rounds: 101, warmUp: 20 },
  );
  const editUs = median(samples.get('edit') ?? []) * 1000;
  const fullUs = median(samples.get('full') ?? []) * 1000;
  console.log(
    `one character in 10,000 lines, 20 keys in a row: p50 ${editUs.toFixed(0)} µs; a full parse is ${(fullUs / editUs).toFixed(0)} × that (p50 ${(fullUs / 1000).toFixed(1)} ms)`,
  );
}

function readableByPeer(text: string): true | undefined {
  try {
    parsePipRequirementsFile(text);
    return true;
  } catch {
    return undefined;
  }
}

function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  work();
  return Promise.resolve(performance.now() - start);
}

const pipScript = `
import sys, time, pip
from pip._internal.req.req_file import parse_requirements
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.network.session import PipSession
session, best = PipSession(), 1e9
for _ in range(5):
    start = time.perf_counter()
    for parsed in parse_requirements(sys.argv[1], session):
        install_req_from_parsed_requirement(parsed)
    best = min(best, time.perf_counter() - start)
print(best * 1000, pip.__version__)
`;

/** Best of five in one process, with requirement objects, as pip does before it installs. */
function timePip(text: string): { readonly ms: number; readonly version: string } | undefined {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-bench-'));
  try {
    const file = path.join(folder, 'requirements.txt');
    writeFileSync(file, text);
    const [ms = '', version = ''] = execFileSync('python3', ['-c', pipScript, file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .trim()
      .split(' ');
    return { ms: Number(ms), version };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
