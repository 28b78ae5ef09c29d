import { jsonText } from '../core/report/formats/jsonText.ts';

/** Answers every line that is not blank with one line of JSON, in order; a line that is no JSON gets an answer too. */
export function answerJsonLines(text: string, answer: (request: unknown) => object): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `${jsonText(answerLine(line, answer))}\n`)
    .join('');
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
