import type { Account, Conversation } from '@recado/client';

export function Phone({ conversation }: { conversation: Conversation; account: Account }) {
  return <p className="m-4">{conversation.id}</p>;
}
