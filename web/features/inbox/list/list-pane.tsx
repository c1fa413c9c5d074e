// The conversations, and their filters.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { recado } from '../client.ts';
import { useContactName } from '../names.ts';
import type { InboxPlace } from '../place.ts';

export function ListPane({ place }: { place: InboxPlace }) {
  const { t } = useTranslation();
  const nameOf = useContactName();
  const first = useQuery({
    queryKey: ['conversations', {}],
    queryFn: ({ signal }) => recado.conversations.list({}, { signal }).page(),
  });
  return (
    <>
      <header className="flex min-h-bar flex-none items-center gap-2 border-b border-border px-4">
        <h1 className="flex-1">{t('inbox.title')}</h1>
      </header>
      <ul className="min-h-0 flex-1 overflow-y-auto">
        {first.data?.data.map(conversation => (
          <li key={conversation.id}>
            <Link
              to="/inbox/$conversationId"
              params={{ conversationId: conversation.id }}
              search={place.search}
              aria-current={place.conversationId === conversation.id || undefined}
              className="block px-4 py-2.5 hover:bg-hover aria-current:bg-selected"
            >
              <bdi>{nameOf(conversation.contact)}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
