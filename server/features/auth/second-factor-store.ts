// The second factor of a person: columns of person, and the table recovery_code.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface SecondFactor {
  email: string;
  /** Encrypted; null without one. */
  secret: string | null;
  begunAt: Date | null;
  confirmed: boolean;
}

/** The state of a person's second factor, locked until the transaction ends. */
export async function lockSecondFactor(tx: Queryable, personId: string): Promise<SecondFactor | undefined> {
  const [row] = await tx.query<SecondFactor>(sql`
    select email, totp_secret as secret, totp_begun_at as "begunAt", totp_confirmed_at is not null as confirmed from person where id = ${personId} for update`);
  return row;
}

/** Whether a person has a second factor, and how many recovery codes are left. */
export async function secondFactorOf(db: Queryable, personId: string): Promise<{ enabled: boolean; left: number }> {
  const [row] = await db.query<{ enabled: boolean; left: number }>(sql`
    select p.totp_confirmed_at is not null as enabled, (select count(*) from recovery_code r where r.person_id = p.id) as left
    from person p where p.id = ${personId}`);
  return row ?? { enabled: false, left: 0 };
}

export async function beginSecret(tx: Queryable, personId: string, encrypted: string, now: Date): Promise<void> {
  await tx.query(
    sql`update person set totp_secret = ${encrypted}, totp_begun_at = ${now}, totp_confirmed_at = null where id = ${personId}`,
  );
}

export async function confirmSecret(tx: Queryable, personId: string, step: number, now: Date): Promise<void> {
  await tx.query(
    sql`update person set totp_confirmed_at = ${now}, totp_step = greatest(totp_step, ${step}) where id = ${personId}`,
  );
}

/** Removes the second factor and its recovery codes. */
export async function dropSecret(tx: Queryable, personId: string): Promise<void> {
  await tx.query(sql`update person set totp_secret = null, totp_confirmed_at = null where id = ${personId}`);
  await tx.query(sql`delete from recovery_code where person_id = ${personId}`);
}

/** Uses up a time step and all earlier ones; false if it was used. Of several parallel uses one wins. */
export async function takeStep(db: Queryable, personId: string, step: number): Promise<boolean> {
  const rows = await db.query(
    sql`update person set totp_step = ${step} where id = ${personId} and totp_step < ${step} returning id`,
  );
  return rows.length > 0;
}

/** Replaces all recovery codes. */
export async function setRecoveryCodes(tx: Queryable, personId: string, hashes: Buffer[]): Promise<void> {
  await tx.query(sql`delete from recovery_code where person_id = ${personId}`);
  await tx.query(sql`insert into recovery_code (person_id, hash) select ${personId}, unnest(${hashes}::bytea[])`);
}

/** Uses up a recovery code; false if it does not exist. */
export async function takeRecoveryCode(db: Queryable, personId: string, hash: Buffer): Promise<boolean> {
  const rows = await db.query(
    sql`delete from recovery_code where person_id = ${personId} and hash = ${hash} returning hash`,
  );
  return rows.length > 0;
}
