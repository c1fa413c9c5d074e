// Messages that need the window of 24 hours leave while it is open, and are refused or held while it is closed.
import { toUuid } from '../../../server/kit/ids.ts';
import type { Played } from '../played.ts';
import { type EventRow, isTogether, type MessageRow, type Rows } from '../rows.ts';

const windowMs = 24 * 3_600_000;

/** Whether the window of a conversation was open for who wrote this event, by the events that were there before it. */
const isWindowOpen = ({ heard }: Pick<Rows, 'heard'>, conversation: string, { id, at }: EventRow): boolean =>
  heard.some(
    ({ conversation_id: other, event, at: wroteAt }) =>
      other === conversation && event < id && at.getTime() - wroteAt.getTime() <= windowMs,
  );

/** Whether the window was open for sure: the one of two conversations that were merged only later may not have been. */
export const wasHeard = (rows: Rows, message: MessageRow, event: EventRow): boolean =>
  isWindowOpen(
    { heard: rows.heard.filter(one => isTogether(rows, one, message, event)) },
    message.conversation_id,
    event,
  );

/** Messages claimed, or accepted, outside of the window that they need. */
export function brokenWindows({ requests, clockSet, meta }: Played, rows: Rows): string[] {
  if (clockSet || !meta.hasWindow) return [];
  const refusing = new Map(
    requests.flatMap(({ id, account, body }) =>
      id !== undefined &&
      body.type !== 'template' &&
      (body.on_window_closed ?? account.onWindowClosed) === 'reject' &&
      body.send_at === undefined
        ? [[toUuid(id), body] as const]
        : [],
    ),
  );
  const broken = new Set<string>();
  for (const event of rows.events) {
    const message = rows.byId.get(event.message_id);
    if (!message) continue;
    const isClaim = event.type === 'message.sending' && message.needs_window;
    const isAcceptance = event.number === 1 && refusing.has(message.id);
    if (!(isClaim || isAcceptance) || isWindowOpen(rows, message.conversation_id, event)) continue;
    broken.add(
      isClaim ? 'a message was claimed outside of its window' : 'a message was accepted outside of its window',
    );
  }
  return [...broken];
}
