// The server's log file, and the line that says why a start failed.
import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Returns the path of the log file, and rotates it if it is long. */
export async function prepareLog(dataDir: string): Promise<string> {
  const file = join(dataDir, 'postgres.log');
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size > 10 * 1024 * 1024) await rename(file, `${file}.1`);
  return file;
}

/** The last line that reports an error, without time and process. */
export function meaningfulLine(text: string): string | undefined {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  const line = lines.findLast(one => /\b(FATAL|PANIC|ERROR|error):/.test(one)) ?? lines.at(-1);
  return line?.replace(/^.*?\b(FATAL|PANIC|ERROR|LOG|error): +/, '');
}
