// Keeps a person out of every workspace, or lets the person in again: for the operator, by command.
import type { Actor } from '../../kit/audit.ts';
import type { Database } from '../../kit/db/database.ts';
import { personSubject } from './failures.ts';
import { auditEverywhere } from './log-everywhere.ts';
import { dropResetOf } from './password-reset-store.ts';
import { revokeSessionsOf } from './session-store.ts';
import { forgiveSubject, setDisabled } from './store.ts';

const operator: Actor = {
  workspaceId: undefined,
  kind: 'system',
  id: undefined,
  address: undefined,
  requestId: undefined,
};

export interface ChangedPerson {
  name: string;
  /** False if the person already was disabled, or enabled. */
  changed: boolean;
  sessionsEnded: number;
}

/** Disables a person and ends all their sessions and reset links. Undefined if nobody has this address. */
export async function disablePerson(db: Database, email: string, now: Date): Promise<ChangedPerson | undefined> {
  return db.transaction(async tx => {
    const person = await setDisabled(tx, email, now);
    if (!person) return undefined;
    const sessionsEnded = await revokeSessionsOf(tx, person.id, now);
    await dropResetOf(tx, person.id);
    const { name, changed } = person;
    if (changed) {
      const target = { kind: 'person', id: person.id };
      const detail = { sessions_ended: sessionsEnded };
      await auditEverywhere(tx, person.id, operator, { action: 'person.disabled', target, detail });
    }
    return { name, changed, sessionsEnded };
  });
}

/** Enables a person, and forgets their failed logins. Undefined if nobody has this address. */
export async function enablePerson(db: Database, email: string): Promise<ChangedPerson | undefined> {
  return db.transaction(async tx => {
    const person = await setDisabled(tx, email, null);
    if (!person) return undefined;
    await forgiveSubject(tx, personSubject(email));
    const { name, changed } = person;
    const target = { kind: 'person', id: person.id };
    if (changed) await auditEverywhere(tx, person.id, operator, { action: 'person.enabled', target });
    return { name, changed, sessionsEnded: 0 };
  });
}
