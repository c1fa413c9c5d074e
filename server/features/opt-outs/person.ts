// Whom a request is about, and who asks.
import type { Queryable } from '../../kit/db/database.ts';
import type { Caller } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { contactForNumber, contactProblem, findContactId } from '../contacts/index.ts';

/** The contact that a request names by its id, or by a number in E.164: then it is made if there is none. */
export async function namedContact(
  tx: Queryable,
  workspaceId: string,
  { contactId, phone }: { contactId: string | undefined; phone: string | undefined },
): Promise<string> {
  const contact =
    phone === undefined
      ? await findContactId(tx, workspaceId, toUuid(contactId ?? ''))
      : await contactForNumber(tx, workspaceId, phone);
  if (contact === undefined) throw contactProblem('contact_not_found');
  return contact;
}

/** How we know: somebody who is logged in said so, or a program. */
export const causeOf = ({ kind, id }: Caller) => ({
  source: kind === 'person' ? ('person' as const) : ('api' as const),
  by: { kind, id },
});
