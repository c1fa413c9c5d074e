// Who else is in the conversation, above the composer.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Others, usePresence } from '../../../data/presence.ts';
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
  const [typing, viewing] = [namesOf(others, 'typing'), namesOf(others, 'viewing')];
  const line = (who: string[], key: 'typing' | 'viewing') =>
    who.length > 0 ? t(`composer.presence.${key}`, { count: who.length, names: names(who) }) : '';
  return (
    <p role="status" className="cut px-1 text-12 text-muted not-empty:pb-1.5">
      {[line(typing, 'typing'), line(viewing, 'viewing')].filter(Boolean).join(' · ')}
    </p>
  );
}

const namesOf = (others: Others, state: 'typing' | 'viewing') =>
  others.filter(person => person.state === state).map(({ name }) => `\u2068${name}\u2069`);

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
