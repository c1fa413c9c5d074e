// Follows people whose user id WhatsApp changes.
import { z } from 'zod';
import { asDialled } from '../../kit/text/phone.ts';
import { addUserIds, followPerson } from '../contacts/index.ts';
import type { NoticeHandler } from '../inbound/index.ts';

const userIdUpdates = z.object({ user_id_update: z.array(z.unknown()) });
const userIdUpdate = z.object({
  wa_id: z
    .string()
    .regex(/^\+?\d{5,20}$/)
    .optional(),
  user_id: z.object({ previous: z.string().optional(), current: z.string().min(1) }),
});

/** People with other user ids. A part without ids changes nothing: the notice keeps it. */
export const followUserIds: NoticeHandler = async (tx, notices, now) => {
  for (const { field, value, workspaceId } of notices) {
    if (field !== 'user_id_update') continue;
    const { user_id_update: updates = [] } = userIdUpdates.safeParse(value).data ?? {};
    for (const update of updates) {
      const { user_id: id, wa_id: digits } = userIdUpdate.safeParse(update).data ?? {};
      if (!id) continue;
      const { previous, current: userId } = id;
      if (previous !== undefined)
        await followPerson(tx, workspaceId, [{ kind: 'bsuid', value: previous }], { phone: undefined, userId }, now);
      const phone = digits && asDialled(`+${digits.replace(/^\+/, '')}`);
      if (phone) await addUserIds(tx, [{ workspaceId, phone, userId }], now);
    }
  }
};
