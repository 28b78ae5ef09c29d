import { jsonText } from '../core/report/formats/jsonText.ts';
import { byteLines } from './byteLines.ts';
import type { CliIo } from './io.ts';

// A file of the largest size that is read, as JSON with every character escaped.
const mostLineBytes = 64 * 1024 * 1024;

/**
 * Answers every line of standard input that is not blank with one line of JSON, in order and as soon as it is there; a line
 * that is no JSON or too long gets an answer too.
 */
export async function answerJsonLines(
  io: CliIo,
  answer: (request: unknown) => object,
  mostBytes = mostLineBytes,
): Promise<void> {
  for await (const line of byteLines(io.stdinChunks(), mostBytes)) {
    if (line === undefined) {
      io.stdout(`${jsonText({ error: `This line is longer than ${mostBytes / 1024 / 1024} MB.` })}\n`);
    } else if (line.trim() !== '') {
      io.stdout(`${jsonText(answerLine(line, answer))}\n`);
    }
    if (!(await io.stdoutReady())) {
      return; // the input may have no end
    }
  }
}

function answerLine(line: string, answer: (request: unknown) => object): object {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch {
    return { error: 'This line is not JSON.' };
  }
  return answer(request);
}
