// Reads Meta's notices of who has a conversation: another partner, its agent, or we.
import type { IncomingMessage } from '../../../ports/channel.ts';
import { asRecord, asString } from '../json.ts';
import { peopleOf, personOf } from './parse-person.ts';
import { type Json, required, sha256, timeOf } from './parse-values.ts';

/** The number of the business, which such a notice names as the recipient. */
export const handoverNumberOf = (value: Json): string | undefined =>
  asString(asRecord(value.metadata)?.phone_number_id) ?? asString(asRecord(value.recipient)?.phone_number_id);

/** A hand-over as a note in the conversation with the person. @throws if it cannot be read */
export function readHandover(value: Json, numberId: string): IncomingMessage {
  const type = required(value.type, 'type');
  const details = asRecord(value[type]) ?? {};
  const sender = asRecord(value.sender) ?? {};
  const { new_owner_role, new_owner_app_role, previous_owner_role, previous_owner_app_role, ...rest } = details;
  // Older notices have other names.
  const role = asString(new_owner_role ?? new_owner_app_role);
  const before = asString(previous_owner_role ?? previous_owner_app_role);
  const from = sender.phone_number ?? sender.wa_id;
  return {
    kind: 'message',
    numberId,
    direction: 'inbound',
    ...personOf({ from, from_user_id: sender.user_id }, peopleOf({}, 0)),
    // A notice has no id of its own; a repeat has the same content.
    channelMessageId: `handover.${sha256([numberId, value]).toString('hex').slice(0, 40)}`,
    type: 'system',
    content: {
      type,
      ...(before !== undefined && { previous_owner_role: before }),
      ...(role !== undefined && { new_owner_role: role }),
      ...rest,
    },
    context: undefined,
    referral: undefined,
    error: undefined,
    media: undefined,
    groupId: undefined,
    change: undefined,
    unread: false,
    calledAt: undefined,
    owner: { role: role ?? 'unknown' },
    at: timeOf(value.timestamp),
  };
}
