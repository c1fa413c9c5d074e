// The account of the demo: its demo people, and the others who wrote to it.
import type { demoSchema } from '@recado/contract';
import type { z } from 'zod';
import type { Queryable } from '../../kit/db/database.ts';
import { countedTo } from '../../kit/http/routes.ts';
import { toId } from '../../kit/ids.ts';
import { contactsOf, type DemoContact } from './contacts-store.ts';
import { people } from './people.ts';

export interface Contents {
  /** Made-up people, with conversations there only. */
  own: DemoContact[];
  /** Everybody else. */
  others: DemoContact[];
}

const madeUp = new Set(people.map(({ phone }) => phone));

/** Splits the contacts of the demo account into its own people and others. */
export async function contentsOf(db: Queryable, accountId: string): Promise<Contents> {
  const all = await contactsOf(db, accountId);
  const isOwn = ({ phone, elsewhere }: DemoContact) => phone !== null && madeUp.has(phone) && !elsewhere;
  return { own: all.filter(isOwn), others: all.filter(contact => !isOwn(contact)) };
}

const mostShown = 100;

/** The answer about the demo of a workspace. `namesPeople`: whether the caller may read contacts. */
export async function presentDemo(
  db: Queryable,
  accountId: string | undefined,
  namesPeople: boolean,
): Promise<z.infer<typeof demoSchema>> {
  const { own, others } = accountId === undefined ? { own: [], others: [] } : await contentsOf(db, accountId);
  return {
    account_id: accountId === undefined ? null : toId('account', accountId),
    people: own.length,
    messages: Math.min(
      countedTo + 1,
      own.reduce((sum, { messages }) => sum + messages, 0),
    ),
    others: others.slice(0, namesPeople ? mostShown : 0).map(({ id, name, phone, messages, elsewhere }) => ({
      contact_id: toId('contact', id),
      name,
      phone,
      messages,
      elsewhere,
    })),
    others_total: others.length,
  };
}
