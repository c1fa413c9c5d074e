// `npx recado people disable` and `enable`: the operator keeps a person out of every workspace.
import type pg from 'pg';
import { disablePerson, enablePerson } from '../features/auth/index.ts';
import { openDatabase } from '../kit/db/database.ts';
import { openLog } from '../kit/log.ts';
import { CommandError } from './command-error.ts';

/** Runs the command and returns its final sentence. @throws CommandError if nobody has this address */
export async function peopleCommand(
  connection: pg.ClientConfig,
  what: 'disable' | 'enable',
  email: string,
): Promise<string> {
  const db = openDatabase({ connection, role: 'recado_engine', name: 'recado people', max: 1 }, openLog('silent'));
  try {
    const address = email.toLowerCase();
    const person = what === 'disable' ? await disablePerson(db, address, new Date()) : await enablePerson(db, address);
    if (!person) throw new CommandError(`Nobody has the e-mail address ${email}: check it. Nothing was changed.`);
    const { name, changed, sessionsEnded } = person;
    if (!changed) return `${name} <${address}> is ${what}d already.`;
    if (what === 'enable') return `${name} <${address}> is enabled and can log in again.`;
    return `${name} <${address}> is disabled: ${sessionsEnded} sessions ended. API keys that this person created still work; an owner revokes them.`;
  } finally {
    await db.close();
  }
}
