import { open } from 'node:fs/promises';

/** Whether a file has this text in its first kilobytes. One that cannot be read has it not. */
export async function hasMark(file: string, mark: string): Promise<boolean> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      return buffer.subarray(0, bytesRead).includes(mark);
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}

const headBytes = 4096;
