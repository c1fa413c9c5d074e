// Who else looks at a conversation or writes in it: an eye or a pencil with its person.
import { Eye, PencilLine } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../components/marks.tsx';
import { useOthersIn } from '../../data/presence.ts';
import { useFormat } from '../../kit/format.ts';

interface Props {
  conversationId: string;
  /** The most faces that are shown; the words name all. */
  most: number;
}

export function SeenBy({ conversationId, most }: Props) {
  const { t } = useTranslation();
  const { names } = useFormat();
  const others = useOthersIn(conversationId);
  const writers = others.filter(({ state }) => state === 'typing');
  const shown = writers.length > 0 ? writers : others;
  if (shown.length === 0) return null;
  const Icon = writers.length > 0 ? PencilLine : Eye;
  const words = t(`composer.presence.${writers.length > 0 ? 'typing' : 'viewing'}`, {
    count: shown.length,
    names: names(shown.map(({ name }) => `\u2068${name}\u2069`)),
  });
  return (
    <span role="img" aria-label={words} title={words} className="inline-flex flex-none items-center gap-1 text-muted">
      <Icon size={14} strokeWidth={1.75} className={writers.length > 0 ? 'text-accent-text' : ''} aria-hidden="true" />
      {shown.slice(0, most).map(({ person_id, name }) => (
        <Avatar key={person_id} name={name} size="small" />
      ))}
    </span>
  );
}
