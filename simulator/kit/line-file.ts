// An append-only file of JSON lines that survives an interrupted write.
import { open, rename } from 'node:fs/promises';

export type LineFile = {
  /** Resolves when the line is written (in a synced file: on disk). */
  append(value: unknown): Promise<void>;
  /** Appends without waiting; logs a failure to stderr. */
  note(value: unknown): void;
  close(): Promise<void>;
};

type Waiting = { text: string; done: () => void; fail: (error: unknown) => void };

/** All complete JSON lines of the file, in order; none for a missing file. */
export async function* readLineFile(path: string): AsyncGenerator<unknown> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return;
  try {
    for await (const line of handle.readLines()) {
      const value = parseLine(line);
      if (value !== undefined) yield value;
    }
  } finally {
    await handle.close();
  }
}

/** Opens the file for appending. With `sync`, waiting lines share one fdatasync. */
export const openLineFile = async (path: string, { sync = false } = {}): Promise<LineFile> => {
  const handle = await open(path, 'a');
  // After an interrupted write, start on a new line, so that the torn line cannot corrupt the next one.
  let torn = (await handle.stat()).size > 0;
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;
  let closed = false;

  const writeAll = async () => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await handle.appendFile((torn ? '\n' : '') + batch.map(each => each.text).join(''));
        torn = false;
        if (sync) await handle.datasync();
        for (const each of batch) each.done();
      } catch (error) {
        torn = true;
        for (const each of batch) each.fail(error);
      }
    }
    writing = null;
  };

  const append = (value: unknown) =>
    new Promise<void>((done, fail) => {
      if (closed) throw new Error(`${path} is closed`);
      waiting.push({ text: `${JSON.stringify(value)}\n`, done, fail });
      writing ??= Promise.resolve().then(writeAll);
    });

  return {
    append,
    note: value => {
      append(value).catch((error: unknown) => {
        if (!closed) console.error(`simulator: could not write ${path}:`, error);
      });
    },
    close: async () => {
      if (closed) return;
      closed = true;
      await writing;
      await handle.close();
    },
  };
};

/** Replaces the content of the file atomically. */
export const rewriteLineFile = async (path: string, values: Iterable<unknown>): Promise<void> => {
  const handle = await open(`${path}.new`, 'w');
  try {
    let chunk = '';
    for (const value of values) {
      chunk += `${JSON.stringify(value)}\n`;
      if (chunk.length < 65_536) continue;
      await handle.appendFile(chunk);
      chunk = '';
    }
    await handle.appendFile(chunk);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.new`, path);
};

const parseLine = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
