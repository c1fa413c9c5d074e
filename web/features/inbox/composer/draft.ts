// Drafts: what is written and not sent, by conversation, with the message it quotes. They survive reloads.
import type { Message } from '@recado/client';
import { useCallback, useSyncExternalStore } from 'react';

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
}

const prefix = 'recado.draft.';
const none: Draft = { text: '' };
const listeners = new Set<() => void>();
/** The same object for the same stored text, so that React sees no change where there is none. */
const parsed = new Map<string, { stored: string; draft: Draft }>();

/** The draft of a conversation; an empty text if there is none. */
function readDraft(conversationId: string): Draft {
  const stored = localStorage.getItem(prefix + conversationId);
  if (stored === null) return none;
  const known = parsed.get(conversationId);
  if (known?.stored === stored) return known.draft;
  const draft = parse(stored);
  parsed.set(conversationId, { stored, draft });
  return draft;
}

/** What is stored may be of another version, or of another page of this address. */
function parse(stored: string): Draft {
  try {
    const { text, quote } = JSON.parse(stored) as Partial<Draft>;
    return { text: typeof text === 'string' ? text : '', ...(quote?.messageId !== undefined && { quote }) };
  } catch {
    return none;
  }
}

/** Keeps a draft; one without text and quote is removed. */
export function writeDraft(conversationId: string, draft: Draft): void {
  const key = prefix + conversationId;
  if (draft.text === '' && !draft.quote) localStorage.removeItem(key);
  else localStorage.setItem(key, JSON.stringify(draft));
  for (const listener of listeners) listener();
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

/** The draft of a conversation, live. */
export const useDraft = (conversationId: string): Draft =>
  useSyncExternalStore(
    listen,
    useCallback(() => readDraft(conversationId), [conversationId]),
  );

/** A message as a quote. */
export function quoteOf(message: Message): Quote {
  const { id, direction, type } = message;
  const captioned = message.image ?? message.video ?? message.document;
  const text = message.text?.body ?? captioned?.caption ?? message.document?.filename ?? message.template?.text ?? '';
  return { messageId: id, ours: direction === 'outbound', type, text: String(text).slice(0, 200) };
}
