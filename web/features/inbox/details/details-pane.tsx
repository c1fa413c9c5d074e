// What is known of the conversation, or of its chosen message.
import type { Account, Conversation } from '@recado/client';
import { ContactDetails } from './contact-details.tsx';
import { MessageDetailsView } from './message-details.tsx';

interface Props {
  conversation: Conversation;
  account: Account | undefined;
  messageId: string | undefined;
}

export const DetailsPane = ({ conversation, account, messageId }: Props) =>
  messageId === undefined ? (
    <ContactDetails conversation={conversation} account={account} />
  ) : (
    <MessageDetailsView key={messageId} id={messageId} conversation={conversation} account={account} />
  );
