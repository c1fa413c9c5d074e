// What the parts of the composer are given.
import type { Account, Conversation, Message } from '@recado/client';

export interface ComposerProps {
  conversation: Conversation;
  account: Account;
  /** The message to quote. */
  replyTo: Message | undefined;
  /** The reply was sent, or somebody took the quote away. */
  onReplyEnd: () => void;
}
