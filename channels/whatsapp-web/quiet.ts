// Silences what dependencies print: libsignal prints private keys. It must be the first import of the process.

const writeOut = process.stdout.write.bind(process.stdout);

const swallow = (...args: unknown[]): boolean => {
  // Who waits for the write must not wait for ever.
  const done = args.findLast(arg => typeof arg === 'function');
  if (done) process.nextTick(done as () => void);
  return true;
};

for (const name of Object.keys(console)) {
  const key = name as keyof Console;
  if (typeof console[key] === 'function') Object.assign(console, { [key]: () => undefined });
}
process.stdout.write = swallow;
process.stderr.write = swallow;

/** Writes a line of ours to stdout: the only way out of this process for text. */
export const writeLine = (line: string): void => {
  writeOut(`${line}\n`);
};
