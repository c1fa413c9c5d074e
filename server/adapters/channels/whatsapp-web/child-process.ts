// One session process: forked, told its settings, and heard. Its output is filtered, because a library in it prints keys.
import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { FromProcess, ProcessSettings, ToProcess } from '@recado/whatsapp-web';
import type { Logger } from '../../../kit/log.ts';

export interface SessionChild {
  pid: number | undefined;
  /** Sends to the process. Drops it if the process has ended; its exit is reported anyway. */
  tell(message: ToProcess): void;
  /** Ends the process now. */
  kill(): void;
}

export interface Program {
  /** The file to run. */
  program: string;
  /** A file with certificates that it trusts too; undefined for none. */
  certificates: string | undefined;
}

interface ChildEvents {
  heard(message: FromProcess): void;
  /** Called once. */
  ended(how: { code: number | null; signal: NodeJS.Signals | null }): void;
}

/** Starts a session process. The files that pass between the processes are in the folder of the settings. */
export function startChild(
  { program, certificates }: Program,
  settings: ProcessSettings,
  log: Logger,
  events: ChildEvents,
): SessionChild {
  const child = fork(program, {
    // Not in our process group: a terminal's signal is for the server, which then ends its sessions in order.
    detached: true,
    serialization: 'advanced',
    // Flags of ours, such as those of a debugger, are not for it.
    execArgv: [],
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    // The library encrypts files in the folder for temporary ones.
    env: { TMPDIR: settings.folder, ...(certificates !== undefined && { NODE_EXTRA_CA_CERTS: certificates }) },
  });
  let hasEnded = false;
  const ended = (code: number | null, signal: NodeJS.Signals | null) => {
    if (hasEnded) return;
    hasEnded = true;
    events.ended({ code, signal });
  };
  child.on('message', message => events.heard(message as FromProcess));
  child.once('exit', ended);
  // A process that cannot be started has no exit.
  child.on('error', error => {
    log.warn({ err: error }, 'a session process reported an error');
    if (child.pid === undefined) ended(null, null);
  });
  passOn(child, log);
  const tell = (message: ToProcess) => {
    // Without a callback, sending to a dead process would throw outside any handler.
    if (child.connected) child.send(message, () => {});
  };
  tell({ kind: 'settings', settings });
  return { pid: child.pid, tell, kill: () => void child.kill('SIGKILL') };
}

const levels = ['info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

/** The lines of its log, field by field. Everything else that it prints stays unread. */
function passOn({ stdout, pid }: ChildProcess, log: Logger): void {
  if (!stdout) return;
  createInterface({ input: stdout }).on('line', line => {
    const { level, msg, session, code, error } = fieldsOf(line);
    if (!isLevel(level) || typeof msg !== 'string') return;
    log[level]({ pid, account: textOf(session), code: textOf(code), error: textOf(error) }, `session process: ${msg}`);
  });
}

const isLevel = (value: unknown): value is Level => levels.includes(value as Level);
const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? value : undefined);

function fieldsOf(line: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    // Not a line of its log.
    return {};
  }
}
