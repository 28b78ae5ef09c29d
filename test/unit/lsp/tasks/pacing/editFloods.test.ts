import assert from 'node:assert/strict';
import { fileId } from '../../../../../server/src/project/fileId.ts';
import { EditFloods } from '../../../../../server/src/lsp/tasks/pacing/editFloods.ts';

const file = fileId('file:///a/requirements.txt');
const other = fileId('file:///a/other.txt');

describe('edits that follow each other at once', () => {
  let turns: (() => void)[];
  let nowMs: number;
  let floods: EditFloods;
  let worked: string[];

  beforeEach(() => {
    turns = [];
    nowMs = 0;
    worked = [];
    floods = new EditFloods({ nextTurn: (call) => void turns.push(call) }, { now: () => nowMs });
  });

  const turn = (): void => turns.splice(0).forEach((call) => call());
  const hold = (id = file, what = 'all'): void => floods.hold(id, () => void worked.push(what));

  it('are those within two turns', () => {
    assert.equal(floods.isOn, false);
    floods.workedOut();
    assert.equal(floods.isOn, true);
    turn();
    assert.equal(floods.isOn, true);
    turn();
    assert.equal(floods.isOn, false);
    assert.equal(turns.length, 0, 'and then nothing is done any more');
  });

  it('are worked out together when two turns have brought no other one', () => {
    floods.workedOut();
    for (let edit = 0; edit < 20; edit++) {
      hold();
      turn();
    }
    assert.deepEqual(worked, []);
    turn();
    assert.deepEqual(worked, ['all']);
    while (turns.length > 0) turn();
    assert.deepEqual(worked, ['all']);
    assert.equal(floods.isOn, false);
  });

  it('are worked out now and then while they do not end', () => {
    floods.workedOut();
    for (let edit = 0; edit < 100; edit++) {
      hold();
      nowMs += 5;
      turn();
    }
    assert.equal(worked.length, 10);
  });

  it('are worked out once for each file', () => {
    hold(file, 'one');
    hold(other, 'other');
    hold(file, 'one');
    while (turns.length > 0) turn();
    assert.deepEqual(worked, ['one', 'other']);
  });
});
