// The errors of saved replies.
import { mostSavedReplies } from '@recado/contract';
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const replyErrors = {
  saved_reply_not_found: {
    status: 404,
    title: 'Saved reply not found.',
    remedy: 'List your replies, those of your teams and those of the workspace with `GET /api/v1/saved-replies`.',
  },
  saved_reply_taken: {
    status: 409,
    title: 'Another reply of this scope has the shortcut.',
    remedy: 'Choose another shortcut, or change that reply.',
  },
  too_many_saved_replies: {
    status: 409,
    title: `There are ${mostSavedReplies} saved replies already.`,
    remedy: 'Delete replies that nobody uses. Each person has as many, and so have each team and the workspace.',
  },
} as const satisfies ErrorTable;

export const problem = problems(replyErrors);
