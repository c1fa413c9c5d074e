// Answers people who wrote a word like STOP, in the transaction that stores their message.
import type { Queryable } from '../../kit/db/database.ts';
import { type AcceptRequest, acceptBatch } from '../messages/index.ts';
import { dueAnswers, forgetAnswersOf } from '../opt-outs/index.ts';
import type { ReceivedMessage } from './received-message.ts';

/** How long an answer may wait, in seconds. */
const validSeconds = 86_400;

/**
 * Accepts the answers that are due. They leave before others, and only within the window. An account that takes no message
 * gives none.
 */
export async function answerWords(
  tx: Queryable,
  written: { messageId: string; message: ReceivedMessage }[],
  now: Date | null,
): Promise<void> {
  const words = written.flatMap(({ messageId, message }) =>
    // Somebody else has the conversation.
    message.word && message.source !== 'standby' ? [{ messageId, message, word: message.word }] : [],
  );
  if (words.length === 0) return;
  const due = await dueAnswers(tx, words, now);
  const requests = due.flatMap(({ id, place, text }): AcceptRequest[] => {
    const message = words[place]?.message;
    return message ? [answerOf(message, id, text)] : [];
  });
  if (requests.length === 0) return;
  const outcomes = await acceptBatch(tx, requests, false, undefined, now);
  const refused = requests.filter((_, place) => outcomes[place]?.outcome !== 'accepted');
  if (refused.length > 0)
    await forgetAnswersOf(
      tx,
      refused.map(({ id }) => id),
    );
}

const answerOf = ({ workspaceId, accountId, from }: ReceivedMessage, id: string, body: string): AcceptRequest => ({
  ...{ id, workspaceId, accountId, address: from.value, type: 'text', content: { body } },
  ...{ key: undefined, hash: undefined, createdBy: undefined, priority: 0 },
  ...{ sendAt: undefined, expiresAt: undefined, validForS: validSeconds, onUnknown: undefined },
  ...{ onWindowClosed: 'reject', category: undefined, batchId: undefined, reference: undefined, metadata: undefined },
  ...{ mediaId: undefined, context: undefined },
});
