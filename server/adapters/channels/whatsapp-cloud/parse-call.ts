// Reads the notices of calls in Meta's webhooks.
import type { IncomingMessage } from '../../../ports/channel.ts';
import { asString } from '../json.ts';
import { errorOf } from './parse-message.ts';
import { type People, personOf } from './parse-person.ts';
import { type Json, required, timeOf } from './parse-values.ts';

/** What a call is, in the conversation with the person: one message, which each notice of the call completes. */
function callOf(
  record: Json,
  numberId: string,
  person: ReturnType<typeof personOf>,
  content: Json,
  errors: unknown,
): IncomingMessage {
  const at = timeOf(record.timestamp);
  const direction = asString(record.direction);
  const isOver = content.event === 'terminate';
  const isTaken = content.status === 'COMPLETED' || content.status === 'ACCEPTED';
  // A person who calls opens the window, whether we answer or not; so does one who takes our call.
  const opens = direction === 'USER_INITIATED' || isTaken;
  const begun = asString(record.start_time) === undefined ? at : timeOf(record.start_time);
  return {
    kind: 'message',
    numberId,
    direction: 'inbound',
    ...person,
    channelMessageId: required(record.id, 'id'),
    type: 'call',
    content,
    context: undefined,
    referral: undefined,
    error: errorOf(errors),
    media: undefined,
    groupId: undefined,
    change: undefined,
    unread: isOver && direction === 'USER_INITIATED' && !isTaken,
    calledAt: opens ? begun : undefined,
    at,
  };
}

/** Whether the only contact of the change has an address. */
const isNamed = ({ only }: People) => only !== undefined && (only.digits ?? only.userId) !== undefined;

/** The beginning or the end of a call. @throws if it cannot be read */
export function readCall(record: Json, numberId: string, people: People, business: string, errors: unknown) {
  // The description of the session has addresses of the person's network.
  const {
    id: _,
    from: __,
    to: ___,
    session: ____,
    biz_opaque_callback_data: _____,
    timestamp: ______,
    ...content
  } = record;
  const [side, other] = content.direction === 'BUSINESS_INITIATED' ? ['to', 'from'] : ['from', 'to'];
  // Some notices name the business where the person should be.
  const isOurs = asString(record[side])?.replace(/^\+/, '') === business;
  const told = { from: record[isOurs ? other : side], from_user_id: record[`${side}_user_id`] };
  const person = personOf(isNamed(people) ? {} : told, people);
  return callOf(record, numberId, person, content, errors);
}

/** What became of a call that the business made. @throws if it cannot be read */
export function readCallStatus(record: Json, numberId: string, people: People, errors: unknown) {
  const status = required(record.status, 'status');
  const told = { from: record.recipient_id, from_user_id: record.recipient_user_id };
  const person = personOf(isNamed(people) ? {} : told, people);
  const content = { direction: 'BUSINESS_INITIATED', status };
  return callOf({ ...record, direction: 'BUSINESS_INITIATED' }, numberId, person, content, errors);
}
