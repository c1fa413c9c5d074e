// Addresses that turn out to be of one person.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { Address } from '../../ports/channel.ts';

/** Leads new addresses of a person to the contact that had one of the former ones. */
export async function followPerson(
  tx: Queryable,
  workspaceId: string,
  former: Address[],
  next: { phone: string | undefined; userId: string | undefined },
  now: Date | null,
): Promise<void> {
  await tx.query(sql`select follow_person(clock(${now}), ${workspaceId}, ${former.map(({ kind }) => kind)}::text[],
    ${former.map(({ value }) => value)}::text[], ${next.phone ?? null}, ${next.userId ?? null})`);
}

interface Known {
  workspaceId: string;
  phone: string;
  userId: string;
}

/** Adds user ids to the contacts with these numbers. */
export async function addUserIds(tx: Queryable, known: Known[], now: Date | null): Promise<void> {
  if (known.length === 0) return;
  await tx.query(sql`select add_aliases(clock(${now}), ${known.map(each => each.workspaceId)}::uuid[],
    ${known.map(each => each.phone)}::text[], ${known.map(each => each.userId)}::text[], '{}', '{}')`);
}

interface OneOfTwo {
  workspaceId: string;
  phone: string;
  userId: string;
  name: string | undefined;
}

/** Leads both addresses of people to one contact, as far as a contact has one of them. Nobody gets a new contact. */
export async function joinPeople(tx: Queryable, people: OneOfTwo[], now: Date | null): Promise<void> {
  if (people.length === 0) return;
  await tx.query(sql`select join_people(clock(${now}), ${people.map(each => each.workspaceId)}::uuid[],
    ${people.map(each => each.phone)}::text[], ${people.map(each => each.userId)}::text[], ${people.map(each => each.name ?? null)}::text[])`);
}
