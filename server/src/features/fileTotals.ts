import type { FileSnapshot } from '../project/workspace/fileSnapshot.ts';
import { type LineTally, mergedTally } from '../project/workspace/lineTally.ts';
import { unreadLines } from './lineCoverage.ts';

/** What many files come to together. */
export interface FileTotal {
  readonly tally: LineTally;
  /** Lines that could not be read. */
  readonly unread: number;
  /** Of some file it is still to be asked, or shown, what its lines come to. */
  readonly isUnderWay: boolean;
}

// A change of one file of five hundred then costs about 32 files and 16 groups.
const groupSize = 32;

/** Adds up files that change one at a time: groups of them that stayed as they were are not added up again. */
export class FileTotals {
  #groups: readonly Group[] = [];

  of(files: readonly FileSnapshot[]): FileTotal {
    const groups: Group[] = [];
    for (let start = 0; start < files.length; start += groupSize) {
      const before = this.#groups[groups.length];
      groups.push(before !== undefined && isSame(before.files, files, start) ? before : groupOf(files, start));
    }
    this.#groups = groups;
    return merged(groups.map(({ total }) => total));
  }
}

interface Group {
  readonly files: readonly FileSnapshot[];
  readonly total: FileTotal;
}

function groupOf(all: readonly FileSnapshot[], start: number): Group {
  const files = all.slice(start, start + groupSize);
  const total = {
    tally: mergedTally(files.map(({ tally }) => tally)),
    unread: files.reduce((sum, file) => sum + unreadLines(file), 0),
    isUnderWay: files.some(({ isUnderWay }) => isUnderWay),
  };
  return { files, total };
}

function isSame(files: readonly FileSnapshot[], all: readonly FileSnapshot[], start: number): boolean {
  const end = Math.min(start + groupSize, all.length);
  return files.length === end - start && files.every((file, index) => file === all[start + index]);
}

function merged(totals: readonly FileTotal[]): FileTotal {
  return {
    tally: mergedTally(totals.map(({ tally }) => tally)),
    unread: totals.reduce((sum, { unread }) => sum + unread, 0),
    isUnderWay: totals.some(({ isUnderWay }) => isUnderWay),
  };
}
