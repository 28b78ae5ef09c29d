import assert from 'node:assert/strict';
import fc from 'fast-check';
import { contradictions, differences, unlikeBeforeAnswers } from '../support/model/differences.ts';
import { anyStep, type Step, take } from '../support/model/modelSteps.ts';
import { ModelWorld } from '../support/model/modelWorld.ts';

const runs = Number(process.env['MODEL_RUNS'] ?? 300);
const seed = Number(process.env['MODEL_SEED'] ?? 1);

/** Whatever happens, in whatever order: what is shown is what a fresh server shows of the same world. */
describe('language server, whatever happens', function () {
  this.timeout(600_000);

  for (const watches of [true, false]) {
    it(`shows what a fresh one shows (${watches ? 'files are watched' : 'nobody watches files'})`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { minLength: 3, maxLength: 14 }), fc.boolean(), async (steps, searches) => {
          const faults = await faultsAfter(steps, watches, searches);
          assert.deepEqual(faults, []);
        }),
        { numRuns: runs, seed, examples: [...mendedFaults], endOnFailure: process.env['MODEL_SHRINK'] === 'no' },
      );
    });
  }
});

const requirements = 'file:///a/requirements.txt';

/** Sequences that once ended in a fault, and whether the workspace was searched at the start. */
const mendedFaults: readonly [Step[], boolean][] = [
  // A new file of a searched workspace was forgotten when its editor closed.
  [
    [
      { do: 'open', file: requirements },
      { do: 'disk', file: requirements, text: 'django==3.2.0\n' },
      { do: 'close', file: requirements },
    ],
    true,
  ],
  // What an editor's text had not been asked about stayed "being checked" once the text on disk took its place.
  [
    [
      { do: 'disk', file: requirements, text: 'django==3.2.0\n' },
      { do: 'service', state: 'held' },
      { do: 'open', file: requirements },
      { do: 'close', file: requirements },
    ],
    true,
  ],
  // Settings that choose further files did not have them searched for.
  [
    [
      { do: 'disk', file: 'file:///a/base.req', text: 'django==3.2.0\n' },
      { do: 'settings', settings: { files: { include: ['**/base.req'] } }, ofFolder: false },
    ],
    true,
  ],
  // A rescan of one file found that another had changed, and did not show it.
  [
    [
      { do: 'open', file: 'file:///out/requirements.txt' },
      { do: 'disk', file: requirements, text: '\n' },
      { do: 'quiet' },
      { do: 'rescan', file: 'file:///out/requirements.txt' },
      { do: 'disk', file: requirements, text: 'django==3.2.0\n' },
    ],
    true,
  ],
];

async function faultsAfter(steps: readonly Step[], watches: boolean, searches: boolean): Promise<readonly string[]> {
  const world = await ModelWorld.start(watches, searches);
  try {
    for (const step of steps) {
      await take(world, step);
    }
    const { live, fresh, lensesNow } = await world.compared();
    // What is old, or not seen yet where nobody watches, or found and not linked, a live server knows otherwise.
    const isComparable = world.watches && !world.hasAged && !world.areLocksHeld;
    const early = [
      ...contradictions(live, lensesNow),
      ...(isComparable ? unlikeBeforeAnswers(live, fresh, world.hasFailed) : []),
    ];
    await world.calm();
    const calm = await world.compared();
    return [
      ...early.map((fault) => `at once: ${fault}`),
      ...differences(calm.live, calm.fresh).map((fault) => `in the end: ${fault}`),
      ...((await world.stillWaiting()) === 0 ? [] : [`in the end: look-ups wait that could be asked`]),
    ];
  } finally {
    await world.stop();
  }
}
