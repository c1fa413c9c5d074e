// A check: what it finds, and how all of them run beside each other.
import type { Check, CheckName, CheckState } from '@recado/contract';
import { checkNames } from '@recado/contract';

export type Detail = Record<string, string | number>;

/** What a check found. */
export interface Finding {
  state: CheckState;
  code: string;
  message: string;
  remedy: string | null;
  detail: Detail;
}

/** What a run checks: the parts of the host are shown to the first workspace of the installation alone. */
export const checksFor = (isFirst: boolean): readonly CheckName[] => (isFirst ? checkNames : ['accounts']);

export const ok = (code: string, message: string, detail: Detail = {}): Finding => ({
  state: 'ok',
  code,
  message,
  remedy: null,
  detail,
});
export const skipped = (code: string, message: string): Finding => ({ ...ok(code, message), state: 'skipped' });
export const warning = (code: string, message: string, remedy: string, detail: Detail = {}): Finding => ({
  state: 'warning',
  code,
  message,
  remedy,
  detail,
});
export const failed = (code: string, message: string, remedy: string, detail: Detail = {}): Finding => ({
  ...warning(code, message, remedy, detail),
  state: 'failed',
});

export interface Asked {
  /** Whose accounts are meant; undefined for those of all workspaces. */
  workspaceId: string | undefined;
  /** Aborts when the time of the check is over. */
  signal: AbortSignal;
}

/** A check: it finds something, or throws where it could not look. */
export type Probe = (asked: Asked) => Promise<Finding>;
export type Probes = Readonly<Record<CheckName, Probe>>;

/** How long a check may take, in seconds. That of accounts asks WhatsApp about one after the other. */
const deadlines: Partial<Record<CheckName, number>> = { accounts: 40 };
const usualDeadline = 10;

/** Runs checks beside each other, all by default, and tells each one that has ended. */
export async function runChecks(
  probes: Probes,
  workspaceId: string | undefined,
  tell: (check: Check) => Promise<void> | void,
  names: readonly CheckName[] = checkNames,
): Promise<Check[]> {
  const checks = await Promise.all(
    names.map(async name => {
      const began = performance.now();
      const finding = await inTime(name, probes[name], workspaceId);
      const check = { name, ...finding, ms: Math.round(performance.now() - began) };
      await tell(check);
      return check;
    }),
  );
  return checks;
}

async function inTime(name: CheckName, probe: Probe, workspaceId: string | undefined): Promise<Finding> {
  const seconds = deadlines[name] ?? usualDeadline;
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Finding>(resolve => {
    timer = setTimeout(() => {
      late.abort();
      resolve(failed('too_late', `There was no answer within ${seconds} s.`, 'Run the check again.', { seconds }));
    }, seconds * 1_000);
  });
  const found = probe({ workspaceId, signal: late.signal }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    return failed('not_checked', `It could not be checked: ${why}`, 'Look at the log.', { why });
  });
  try {
    return await Promise.race([found, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

const worst = ['failed', 'warning'] as const;

/** The worst state of checks. */
export const stateOf = (checks: readonly Pick<Check, 'state'>[]): 'ok' | 'warning' | 'failed' =>
  worst.find(state => checks.some(check => check.state === state)) ?? 'ok';
