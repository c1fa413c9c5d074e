// Drafts: what a person has written and not sent, by conversation, with the message it quotes. They survive reloads.
import type { Came, Message } from '@recado/client';
import { useCallback, useSyncExternalStore } from 'react';
import { useMe } from '../../../data/me.ts';
import { storedKeys } from '../../../kit/stored-keys.ts';

/** The message that a reply quotes, as far as the composer shows it. */
export interface Quote {
  messageId: string;
  /** Whether we wrote it. */
  ours: boolean;
  type: Message['type'];
  text: string;
}

export interface Draft {
  text: string;
  quote?: Quote | undefined;
  /** What others of us wrote meanwhile, so that it was not sent. */
  came?: readonly Came[] | undefined;
  /** The newest message or note that was there when the text was begun. */
  seen?: string | undefined;
}

const prefix = 'recado.draft.';
const none: Draft = { text: '' };
const listeners = new Set<() => void>();
/** The same object for the same stored text, so that React sees no change where there is none. */
const parsed = new Map<string, { stored: string; draft: Draft }>();

/** Several people may use this browser, one after the other: a draft is of one of them. */
function useKeyOf(): (conversationId: string) => string {
  const personId = useMe().person?.id ?? '';
  return useCallback(conversationId => `${prefix}${personId}.${conversationId}`, [personId]);
}

/** The draft under a key; an empty text if there is none. */
function readDraft(key: string): Draft {
  const stored = localStorage.getItem(key);
  if (stored === null) return none;
  const known = parsed.get(key);
  if (known?.stored === stored) return known.draft;
  const draft = parse(stored);
  parsed.set(key, { stored, draft });
  return draft;
}

/** The number of drafts that this browser keeps, of all people. */
export const countDrafts = (): number => storedKeys(prefix).filter(key => readDraft(key).text.trim() !== '').length;

/** Deletes all drafts of this browser. */
export function forgetDrafts(): void {
  for (const key of storedKeys(prefix)) localStorage.removeItem(key);
  parsed.clear();
  for (const listener of listeners) listener();
}

/** A stored draft may be of another version, or of another page of this address. */
function parse(stored: string): Draft {
  try {
    const { text, quote, came, seen } = JSON.parse(stored) as Partial<Draft>;
    return {
      text: typeof text === 'string' ? text : '',
      ...(quote?.messageId !== undefined && { quote }),
      ...(Array.isArray(came) && { came }),
      ...(typeof seen === 'string' && { seen }),
    };
  } catch {
    return none;
  }
}

/** Keeps the draft of a conversation; one without text and quote is removed. */
export function useWriteDraft(): (conversationId: string, draft: Draft) => void {
  const keyOf = useKeyOf();
  return useCallback(
    (conversationId, draft) => {
      const key = keyOf(conversationId);
      if (draft.text === '' && !draft.quote && !draft.came) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(draft));
      for (const listener of listeners) listener();
    },
    [keyOf],
  );
}

function listen(listener: () => void): () => void {
  const fromOtherTabs = ({ key }: StorageEvent) => (key === null || key.startsWith(prefix)) && listener();
  listeners.add(listener);
  addEventListener('storage', fromOtherTabs);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', fromOtherTabs);
  };
}

/** The person's draft of a conversation, live. */
export function useDraft(conversationId: string): Draft {
  const key = useKeyOf()(conversationId);
  return useSyncExternalStore(
    listen,
    useCallback(() => readDraft(key), [key]),
  );
}

/** A message as a quote. */
export function quoteOf(message: Message): Quote {
  const { id, direction, type } = message;
  const captioned = message.image ?? message.video ?? message.document;
  const text = message.text?.body ?? captioned?.caption ?? message.document?.filename ?? message.template?.text ?? '';
  return { messageId: id, ours: direction === 'outbound', type, text: String(text).slice(0, 200) };
}
