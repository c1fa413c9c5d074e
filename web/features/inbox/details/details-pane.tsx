// What is known of the conversation, or of its chosen message.
import type { Account, Conversation } from '@recado/client';

interface Props {
  conversation: Conversation;
  account: Account | undefined;
  messageId: string | undefined;
}

export function DetailsPane({ conversation }: Props) {
  return <p className="m-4">{conversation.id}</p>;
}
