// Who else writes in the conversation, above the composer.
import { PencilLine } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePresence } from '../../../data/presence.ts';
import { useFormat } from '../../../kit/format.ts';

/** A person types until so long after the last key. */
const restMs = 6_000;

interface Props {
  conversationId: string;
  /** What is written: each change of it is typing. */
  text: string;
}

export function PresenceLine({ conversationId, text }: Props) {
  const { t } = useTranslation();
  const { names } = useFormat();
  const others = usePresence(conversationId, useTyping(text) ? 'typing' : 'viewing');
  const typing = others.filter(({ state }) => state === 'typing').map(({ name }) => `\u2068${name}\u2069`);
  return (
    <p role="status" className="flex items-center gap-1.5 px-1 text-12 text-muted not-empty:pb-1.5">
      {typing.length > 0 && (
        <>
          <PencilLine size={14} strokeWidth={1.75} className="flex-none text-accent-text" aria-hidden="true" />
          <span className="cut">{t('composer.presence.typing', { count: typing.length, names: names(typing) })}</span>
        </>
      )}
    </p>
  );
}

/** True while somebody types here. */
function useTyping(text: string): boolean {
  const [typed, setTyped] = useState(text);
  const [isTyping, setTyping] = useState(false);
  if (typed !== text) {
    setTyped(text);
    setTyping(text !== '');
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change begins the rest anew
  useEffect(() => {
    if (!isTyping) return;
    const timer = setTimeout(() => setTyping(false), restMs);
    return () => clearTimeout(timer);
  }, [isTyping, text]);
  return isTyping;
}
