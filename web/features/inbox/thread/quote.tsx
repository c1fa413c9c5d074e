// The message that a bubble quotes. It leads to that message.

import type { Message } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { messageQuery } from '../../../data/messages.ts';
import { useGist } from '../../../words/gist.ts';
import { useSenderName } from '../names.ts';

interface Props {
  id: string | null;
  /** The quoted message, if it is loaded. */
  known: Message | undefined;
  /** What the person is called. */
  name: string;
  onJump: ((id: string) => void) | undefined;
}

export function Quote({ id, known, name, onJump }: Props) {
  const { t } = useTranslation();
  const gist = useGist();
  const senderName = useSenderName();
  const read = useQuery({
    ...messageQuery(id ?? ''),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: id !== null && !known,
  });
  const message = known ?? read.data;
  const words = (
    <>
      <b>{message && <bdi>{message.direction === 'inbound' ? name : senderName(message)}</bdi>}</b>
      <bdi className="cut block text-(--meta)">
        {message ? gist(message) : t(id === null || read.isError ? 'inbox.quote.unknown' : 'inbox.quote.loading')}
      </bdi>
    </>
  );
  if (!message || !onJump) return <div className="quote">{words}</div>;
  return (
    <button type="button" className="quote" title={t('inbox.quote.jump')} onClick={() => onJump(message.id)}>
      {words}
    </button>
  );
}
