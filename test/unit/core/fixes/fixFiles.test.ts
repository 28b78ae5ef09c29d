import assert from 'node:assert/strict';
import { constraintPins, noConstraints } from '../../../../server/src/core/assessment/decided/constraints.ts';
import type { Outcome } from '../../../../server/src/core/assessment/outcome.ts';
import type { FixAdvice } from '../../../../server/src/core/assessment/fixAdvice.ts';
import { type FixableFile, fixFiles } from '../../../../server/src/core/fixes/fixFiles.ts';
import { placeRequirements, rememberedTargets } from '../../../../server/src/core/assessment/placeRequirements.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';
import { assessed, failed, finding } from '../../../support/builders.ts';

function vulnerable(nearest: string | undefined, more: Partial<FixAdvice> = {}): Outcome {
  return { ...assessed([finding()]), fix: { nearest, latest: nearest, verified: true, passedOver: [], ...more } };
}

/** A file whose requirements have these outcomes by name. */
function fixable(
  source: string,
  text: string,
  outcomes: Readonly<Record<string, Outcome>>,
  constraints: FixableFile['constraints'] = [],
): FixableFile {
  const file = pipKind.parse(text);
  const pins = constraints.length === 0 ? noConstraints : constraintPins(constraints);
  const { requirements } = placeRequirements(
    file,
    rememberedTargets(() => false, { constraints: pins, locked: [] }),
  );
  return {
    source,
    file,
    constraints,
    sources: [],
    requirements: requirements.map((requirement) => ({
      requirement,
      outcome: outcomes[requirement.normalizedName] ?? assessed([]),
    })),
  };
}

const textsAfter = (files: readonly { readonly source: string; readonly file: FixableFile['file'] }[]) => {
  const fixableFiles = files.filter((file): file is FixableFile => 'requirements' in file);
  const result = fixFiles(fixableFiles, () => undefined);
  const texts = files.map(({ source, file }) => file.edit(result.changes.get(source) ?? []).text);
  return { ...result, texts };
};

describe('fixing files', () => {
  it('changes every line that has a fix, in one go', () => {
    const text = 'a==1\nb==1 # b\nc>=1,<9\nd==1\n';
    const range = vulnerable('1.5', { change: { kind: 'floor', version: '1.5' } });
    const { texts, fixed, left } = textsAfter([
      fixable('r.txt', text, { a: vulnerable('1.10'), b: vulnerable('2'), c: range }),
    ]);
    assert.deepEqual(texts, ['a==1.10\nb==2 # b\nc>=1.5,<9\nd==1\n']);
    assert.deepEqual(
      fixed.map(({ name, from, target, line }) => [name, from, target, line]),
      [
        ['a', '1', '1.10', 0],
        ['b', '1', '2', 1],
        ['c', '>=1,<9', '>=1.5,<9', 2],
      ],
    );
    assert.deepEqual(left, []);
  });

  it('leaves with a reason what is malicious, without a fix, or without knowledge', () => {
    const outcomes = {
      a: { ...assessed([finding({ severity: 'malicious' })]) },
      b: vulnerable(undefined),
      c: { kind: 'assessed', verdict: 'vulnerable', findings: [finding()], checkedAt: 1 },
    } as const;
    const { texts, fixed, left } = textsAfter([fixable('r.txt', 'a==1\nb==1\nc==1\n', outcomes)]);
    assert.deepEqual([texts, fixed], [['a==1\nb==1\nc==1\n'], []]);
    assert.deepEqual(
      left.map(({ name, reason }) => [name, /malicious|No safe|not known/u.exec(reason)?.[0]]),
      [
        ['a', 'malicious'],
        ['b', 'No safe'],
        ['c', 'not known'],
      ],
    );
  });

  it('is not about what failed or what is ignored altogether, but about what is ignored in part', () => {
    const ignored = { reason: '', until: null };
    const fix = { nearest: '2', latest: '2', verified: true, passedOver: [] };
    const outcomes = {
      a: { ...assessed([finding({ ignored })]), fix },
      b: { ...assessed([finding({ ignored }), finding()]), fix },
      c: failed({ lastKnown: assessed([finding()]) }),
    };
    const { texts, left } = textsAfter([fixable('r.txt', 'a==1\nb==1\nc==1\n', outcomes)]);
    assert.deepEqual([texts, left], [['a==1\nb==2\nc==1\n'], []]);
  });

  it('changes a constraint once for all, and leaves who wants another version of it', () => {
    const constraints = { source: 'c.txt', file: pipKind.parse('a==1\n') };
    const one = fixable('one.txt', 'a\n', { a: vulnerable('2') }, [constraints]);
    const two = fixable('two.txt', 'a\n', { a: vulnerable('2') }, [constraints]);
    const three = fixable('three.txt', 'a\n', { a: vulnerable('3') }, [constraints]);
    const { texts, fixed, left } = textsAfter([one, two, three, constraints]);
    assert.deepEqual(texts, ['a\n', 'a\n', 'a\n', 'a==2\n']);
    assert.deepEqual(
      fixed.map(({ source, changedIn }) => [source, changedIn]),
      [
        ['one.txt', ['c.txt']],
        ['two.txt', ['c.txt']],
      ],
    );
    assert.match(left[0]?.reason ?? '', /changed to another one for another requirement/u);
  });

  it('changes the source of a compiled file, and says that it has to be compiled again', () => {
    const header = '# This file was autogenerated by uv via the following command:\n#    uv pip compile r.in\n';
    const source = { source: 'r.in', file: pipKind.parse('a\n') };
    const compiled = { ...fixable('r.txt', `${header}a==1\n`, { a: vulnerable('2') }), sources: [source] };
    const { texts, fixed } = textsAfter([compiled, source]);
    assert.deepEqual(texts, [`${header}a==1\n`, 'a>=2\n']);
    assert.deepEqual(fixed[0]?.changedIn, ['r.in']);
    assert.equal(fixed[0]?.todo, 'Compiled by uv: compile it again.');
    const alone = fixFiles([{ ...compiled, sources: [] }], () => undefined);
    assert.equal(alone.left[0]?.reason, 'Compiled by uv from r.in: change it there and compile again.');
  });
});
