// The last warnings that the programs of scenarios logged in this worker.

const most = 30;
export const lastWarnings: string[] = [];

/** Where the log of a scenario goes, unless its test reads it. */
export const keepWarning = (line: string): void => {
  lastWarnings.push(line.trim().slice(0, 1_000));
  if (lastWarnings.length > most) lastWarnings.shift();
};
