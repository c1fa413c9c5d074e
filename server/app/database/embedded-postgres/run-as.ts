// Runs programs as the server's user, without our environment.
import { spawn } from 'node:child_process';

/** The user of the server: PostgreSQL refuses to run as root. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/** The server's environment gets nothing of ours: no secret, no PGPORT. */
export const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Runs a program as the server's user and returns its result. */
export async function run(
  file: string,
  args: string[],
  user: ServerUser,
): Promise<{ code: number | null; output: string }> {
  return new Promise(resolve => {
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const child = spawn(file, args, { ...user, cwd: '/', env: environment, detached: true, stdio: [...stdio] });
    let output = '';
    child.stdout?.on('data', chunk => {
      output += chunk;
    });
    child.stderr?.on('data', chunk => {
      output += chunk;
    });
    child.once('error', error => resolve({ code: null, output: error.message }));
    child.once('close', code => resolve({ code, output }));
  });
}

export async function mayEnter(folder: string, user: ServerUser): Promise<boolean> {
  return (await run('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], user)).code === 0;
}
