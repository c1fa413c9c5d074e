// Shows the person that somebody types, if the operator wants that. WhatsApp marks their messages as read with it.
import { useEffect, useRef, useState } from 'react';
import { useMay } from '../../../data/me.ts';
import { recado } from '../../../kit/client.ts';

const key = 'recado.showTyping';
/** WhatsApp shows it for 25 seconds. */
const repeatMs = 20_000;

export interface ShowTyping {
  isOn: boolean;
  set: (isOn: boolean) => void;
}

/** The switch; undefined where the person may not. Off until somebody turns it on in this browser. */
export function useShowTyping(id: string, isOpen: boolean, text: string): ShowTyping | undefined {
  const may = useMay('messages.update');
  const [isOn, setOn] = useState(() => localStorage.getItem(key) === 'true');
  const shownAt = useRef(0);
  const before = useRef(text);
  const isShown = may && isOn && isOpen;

  useEffect(() => {
    const isTyped = text !== before.current && text !== '';
    before.current = text;
    if (!isShown || !isTyped || Date.now() - shownAt.current < repeatMs) return;
    shownAt.current = Date.now();
    // Nobody waits for it, and the message is still sent.
    recado.conversations.showTyping(id).catch(() => undefined);
  }, [id, isShown, text]);

  if (!may) return undefined;
  return {
    isOn,
    set(next) {
      localStorage.setItem(key, String(next));
      setOn(next);
    },
  };
}
