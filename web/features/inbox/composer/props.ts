// What the parts of the composer are given.
import type { Account, Conversation, Message } from '@recado/client';
import type { OutgoingMessage } from './outgoing.ts';

export interface ComposerProps {
  conversation: Conversation;
  account: Account;
  /** The message to quote. */
  replyTo: Message | undefined;
  /** A message that failed here, to be edited. */
  returned: OutgoingMessage | undefined;
  /** Somebody wants a template of this conversation, a new object for each time. */
  templatesFor: { id: string } | undefined;
  /** The reply was sent, or somebody took the quote away. */
  onReplyEnd: () => void;
}
