import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { helpText } from '../../../server/src/cli/arguments/help.ts';
import { type CommandLineOption, helpSections, options, variables } from '../../../server/src/cli/arguments/options.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/command-line.md'), 'utf8');

describe('options of the command line', () => {
  for (const [name, option] of Object.entries<CommandLineOption>(options)) {
    if (option.section !== undefined) {
      it(`--${name} is in the help once, below its title, with its value`, () => {
        const start = `\n  --${name}${option.value === undefined ? '' : ` ${option.value}`} `;
        assert.equal(helpText.split(start).length, 2);
        const [titleAbove] = helpSections
          .filter((title) => helpText.indexOf(title) < helpText.indexOf(start))
          .slice(-1);
        assert.equal(titleAbove, option.section);
        assert.ok((option.help ?? '').length > 0);
        assert.equal(option.type === 'string', option.value !== undefined);
      });
    }
  }

  it('that their page shows are there', () => {
    const shown = new Set([...page.matchAll(/--([a-z][a-z-]*)/gu)].map(([, name = '']) => name));
    assert.ok(shown.size > 5);
    assert.deepEqual(
      [...shown].filter((name) => !Object.hasOwn(options, name)),
      [],
    );
  });

  it('have the variables of the environment beside them', () => {
    Object.keys(variables).forEach((name) => assert.ok(helpText.includes(`\n  ${name} `), name));
  });
});
