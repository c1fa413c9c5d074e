// libsignal prints whole sessions: tests would drown in them.
const phrases =
  /^(Closing|Opening) (open )?session|^Session (already|error)|^Removing old closed session|^Failed to decrypt message with|^Decrypted message with closed/;

const quietened = new WeakSet<Console>();

/** Keeps what libsignal says out of the console. */
export function quietLibsignal(): void {
  if (quietened.has(console)) return;
  quietened.add(console);
  for (const level of ['info', 'warn', 'error'] as const) {
    const print = console[level].bind(console);
    console[level] = (...words: unknown[]) => {
      if (typeof words[0] !== 'string' || !phrases.test(words[0])) print(...words);
    };
  }
}
