import fc from 'fast-check';
import { locked } from '../locked.ts';
import { files, folders, type ModelWorld } from './modelWorld.ts';
import type { ServiceState } from './modelService.ts';

/** One thing that happens: data, so that a failing sequence is shrunk and can be read. */
export type Step =
  | { readonly do: 'open' | 'close' | 'save' | 'rescan'; readonly file: string }
  | {
      readonly do: 'change';
      readonly file: string;
      readonly text: string;
      readonly sent: 'whole' | 'lines' | 'unreadable';
    }
  | { readonly do: 'disk'; readonly file: string; readonly text: string | undefined }
  | { readonly do: 'ignores'; readonly isThere: boolean }
  | { readonly do: 'locks'; readonly file: string; readonly version: string | undefined }
  | { readonly do: 'settings'; readonly settings: object; readonly ofFolder: boolean }
  | { readonly do: 'trust'; readonly isTrusted: boolean }
  | { readonly do: 'folder'; readonly folder: string; readonly isAdded: boolean }
  | { readonly do: 'service'; readonly state: ServiceState }
  | { readonly do: 'lockReads'; readonly isHeld: boolean }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'answerOne' | 'rescanAll' | 'clearCache' | 'database' | 'network' | 'report' | 'cancel' | 'quiet' };

export async function take(world: ModelWorld, step: Step): Promise<void> {
  const { client } = world;
  switch (step.do) {
    case 'open':
      return client.documents.has(step.file)
        ? undefined
        : client.open(step.file, world.disk.get(step.file) ?? 'django==3.2.0\n');
    case 'close':
      return client.close(step.file);
    case 'change':
      return client.change(step.file, step.text, step.sent);
    case 'save': {
      const document = client.documents.get(step.file);
      if (document !== undefined) {
        await world.write(step.file, document.text);
        await client.test.notify('textDocument/didSave', { textDocument: { uri: step.file } });
      }
      return;
    }
    case 'disk':
      return world.write(step.file, step.text);
    case 'ignores':
      return world.write(`${folders[0]}/osv-scanner.toml`, step.isThere ? ignoreFile : undefined);
    case 'locks': {
      const { file, version } = step;
      world.locks.set(file, version === undefined ? [] : [locked('lock', 'uv.lock', { django: version })]);
      return world.diskEvent(`${folders[0]}/uv.lock`);
    }
    case 'settings':
      return world.changeSettings(step.settings, step.ofFolder);
    case 'trust':
      world.isTrusted = step.isTrusted;
      return client.test.notify('pinwatch/trust', { trusted: step.isTrusted });
    case 'folder':
      return world.changeFolders(step.folder, step.isAdded);
    case 'service':
      world.hasFailed ||= step.state === 'down' || step.state === 'flaky';
      world.service.state = step.state;
      return;
    case 'lockReads':
      return step.isHeld ? world.holdLocks() : world.letLocksThrough();
    case 'pass':
      return world.pass(step.ms);
    case 'answerOne':
      world.service.answerOne();
      return;
    case 'rescan':
      if (client.documents.has(step.file)) {
        world.run('rescan', { uris: [step.file] });
      }
      return;
    case 'rescanAll':
      world.isSearched = world.folders.length > 0;
      world.run('rescan');
      return;
    case 'report':
      world.isSearched = world.folders.length > 0;
      world.requests.push(client.test.request('pinwatch/report', { format: 'json' }).catch(() => undefined));
      return;
    case 'clearCache':
      world.hasAged = true; // what was answered is shown until it has been asked again
      world.run('clearCache');
      return;
    case 'database':
      world.run('updateDatabase');
      return;
    case 'network':
      return client.test.notify('pinwatch/network', {});
    case 'cancel': {
      const token = client.test.progress.at(-1)?.token;
      if (token !== undefined) {
        world.hasFailed = true; // what was cancelled says so
        await client.test.cancelProgress(token);
      }
      return;
    }
    case 'quiet':
      return world.quiet();
  }
}

const ignoreFile = '[[IgnoredVulns]]\nid = "CVE-2021-35042"\nreason = "not reachable"\n';

const lines = [
  'django==3.2.0',
  'django>=3',
  'django==3.2.5',
  'jinja2==2.0',
  'six==1.16.0',
  '# a comment',
  '-r base.req',
  '-c constraints.txt',
  '-r ../b/requirements.txt',
  '==',
  '-e .',
];

const file = fc.constantFrom(...files);
const text = fc.array(fc.constantFrom(...lines), { maxLength: 3 }).map((all) => `${all.join('\n')}\n`);
const debounce = { scan: { debounceMilliseconds: 50 } };
const settings = fc.constantFrom<object>(
  {},
  debounce,
  { enable: false },
  { privacy: { privatePackages: ['django'] } },
  { ignore: [{ id: 'CVE-2021-35042', reason: 'no' }] },
  { osv: { url: 'http://127.0.0.1:1' } },
  { files: { exclude: ['**/base.req'] } },
  { files: { include: ['**/base.req'] } },
  { offline: { mode: 'fallback' } },
  { diagnostics: { minimumSeverity: 'high' } },
);

const plain = <K extends Step['do']>(name: K): fc.Arbitrary<{ readonly do: K }> => fc.constant({ do: name });

/** The ordinary things more often than the odd ones. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('open' as const), file }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      file,
      text,
      sent: fc.constantFrom('lines' as const, 'lines' as const, 'whole' as const, 'unreadable' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('close' as const), file }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('save' as const), file }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('disk' as const), file, text: fc.option(text, { nil: undefined }) }),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Step>({ do: 'pass', ms: 60 }, { do: 'pass', ms: 500 }, { do: 'pass', ms: 20_000 }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'pass', ms: 4_000_000 }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('service' as const),
      state: fc.constantFrom<ServiceState>('up', 'held', 'down', 'flaky'),
    }),
  },
  { weight: 2, arbitrary: plain('answerOne') },
  { weight: 2, arbitrary: plain('rescanAll') },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rescan' as const), file }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('settings' as const), settings, ofFolder: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('trust' as const), isTrusted: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('folder' as const),
      folder: fc.constantFrom(...folders),
      isAdded: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ignores' as const), isThere: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('locks' as const),
      file,
      version: fc.constantFrom('3.2.0', '4.2.1', undefined),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lockReads' as const), isHeld: fc.boolean() }) },
  { weight: 3, arbitrary: plain('quiet') },
  {
    weight: 1,
    arbitrary: fc.oneof(plain('clearCache'), plain('database'), plain('network'), plain('report'), plain('cancel')),
  },
);
