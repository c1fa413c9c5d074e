// The conversations of the workspace, part by part.
import { recado } from '../kit/client.ts';
import { createRecent } from './recent.ts';
import { threadReader } from './thread-reader.ts';

export const recentChanges = createRecent();

const reader = threadReader(
  {
    page: (conversationId, range, signal) =>
      recado.conversations.listMessages(conversationId, range, signal && { signal }).page(),
    async message(id) {
      const { events: _events, attempts: _attempts, waiting: _waiting, ...message } = await recado.messages.get(id);
      return message;
    },
  },
  recentChanges,
);

export const { query: threadQuery, loadOlder, loadNewer, showNewest, showAround, take: takeChanges } = reader;
