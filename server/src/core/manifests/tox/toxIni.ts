import { type IniLine, readIni } from '../../text/ini/readIni.ts';
import { sliceSource, type SourceText, spanOf } from '../../text/sourceText.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { syntaxDrafts } from '../reading/problems.ts';
import { commandDrafts, commandKeys } from './toxCommands.ts';
import { factorLineDrafts } from './toxLine.ts';

export const toxFormat: ReadFormat = {
  id: 'tox.ini',
  matches: (path) => /(?:^|\/)tox\.ini$/iu.test(path),
  read: (text) => toxIniDrafts(wholeText(text)),
};

/** What an ini file of tox asks for, wherever its text stands. */
export function toxIniDrafts(source: SourceText): readonly Draft[] {
  const ini = readIni(source.text);
  const faults = ini.faults.map((fault) => ({ ...fault, span: spanOf(source, fault.span.start, fault.span.end) }));
  return [...syntaxDrafts(faults), ...sectionDrafts(source, ini, 'tox')];
}

/** What tox finds in setup.cfg: its own section has another name there, without which it is not for tox. */
export function toxInSetupCfg(text: string): readonly Draft[] {
  const ini = readIni(text);
  if (!ini.sections.has('tox:tox')) return [];
  const sections = new Map([...ini.sections].filter(([name]) => /^(?:tox:tox|testenv(?::.*)?)$/u.test(name)));
  return sectionDrafts(wholeText(text), { ...ini, sections }, 'tox:tox');
}

function sectionDrafts(source: SourceText, { sections }: ReturnType<typeof readIni>, core: string): readonly Draft[] {
  const isReadElsewhere = (section: string): boolean => sections.get(section)?.has('deps') === true;
  return [...sections].flatMap(([section, values]) => {
    const keywords = section === core ? ['deps', 'requires'] : ['deps'];
    // To configparser capitals and small letters are the same in a key.
    const lines = [...values].flatMap(([key, value]) => (keywords.includes(key.toLowerCase()) ? value.lines : []));
    const [, env] = /^testenv(?::(.*))?$/u.exec(section) ?? [];
    const name = section.startsWith('testenv') ? (env ?? 'testenv') : section;
    const scope = `env:${section === core ? 'tox' : name}`;
    const commands = [...values].filter(([key]) => commandKeys.includes(key.toLowerCase()));
    const sourceOfLine = ({ span }: IniLine): SourceText => sliceSource(source, span.start, span.end);
    return [
      ...lines.flatMap((line) => factorLineDrafts(sourceOfLine(line), scope, isReadElsewhere)),
      ...commands.flatMap(([, value]) => commandDrafts(value.lines.map(sourceOfLine), scope)),
    ];
  });
}

function wholeText(text: string): SourceText {
  return { text, pieces: [{ start: 0, from: 0, to: text.length, verbatim: true }] };
}
