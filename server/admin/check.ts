// `npx recado check`: the self-check of the whole installation, beside a running program or without one.
import type { Check, CheckState } from '@recado/contract';
import type { Config } from '../app/config/config.ts';
import type { EmbeddedPostgresLog } from '../app/database/embedded-postgres/index.ts';
import { joinFoundation } from '../app/database/open.ts';
import { openChecks } from '../app/self-check/of-command.ts';
import { runChecks, stateOf } from '../features/self-check/index.ts';

export interface Checked {
  state: 'ok' | 'warning' | 'failed';
  checks: Check[];
}

/** Runs all checks, with the accounts of all workspaces. @throws StartError where there is no database to look for */
export async function checkInstallation(
  config: Config,
  log: EmbeddedPostgresLog,
  signal: AbortSignal,
): Promise<Checked> {
  const foundation = await joinFoundation(config, log, signal);
  try {
    const { probes, close } = openChecks(config, foundation);
    try {
      const checks = await runChecks(probes, undefined, () => {});
      return { state: stateOf(checks), checks };
    } finally {
      await close();
    }
  } finally {
    await foundation.close();
  }
}

/** The exit codes of the command. */
export const exitCodes = { ok: 0, warning: 1, failed: 2 } as const;

const widthOf = (words: readonly string[]) => Math.max(...words.map(word => word.length));

/** The checks as lines for people. */
export function linesOf({ checks }: Checked): string[] {
  const [states, names] = [widthOf(checks.map(({ state }) => state)), widthOf(checks.map(({ name }) => name))];
  const lines = checks.flatMap(({ state, name, message, remedy }) => [
    `${state.padEnd(states)}  ${name.padEnd(names)}  ${message}`,
    ...(remedy === null ? [] : [`${' '.repeat(states + names + 4)}${remedy}`]),
  ]);
  const count = (wanted: CheckState) => checks.filter(({ state }) => state === wanted).length;
  return [
    ...lines,
    `${checks.length} checks: ${count('ok')} ok, ${count('warning')} warnings, ${count('failed')} failed, ${count('skipped')} skipped.`,
  ];
}
