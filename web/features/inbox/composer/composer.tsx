import type { Account, Conversation, Message } from '@recado/client';

interface Props {
  conversation: Conversation;
  account: Account;
  replyTo: Message | undefined;
  onReplyEnd: () => void;
}

export function Composer({ conversation }: Props) {
  return <p className="m-4">{conversation.id}</p>;
}
