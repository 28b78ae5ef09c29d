import { open } from 'node:fs/promises';
import { isOddName } from './isOddName.ts';
import { errorCode } from './errorCode.ts';

/** Whether a file has this text near its beginning, or why that is not known. One that is gone has it not. */
export async function hasMark(file: string, mark: string): Promise<boolean | { readonly error: string }> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(headBytes), 0, headBytes, 0);
      return buffer.subarray(0, bytesRead).includes(mark);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = errorCode(error) || String(error);
    const isGone = (code === 'ENOENT' && !isOddName(file)) || code === 'ENOTDIR';
    return isGone ? false : { error: `"${file}" could not be read (${code}).` };
  }
}

// Licences and documentation come first; few programs are longer.
const headBytes = 65_536;
