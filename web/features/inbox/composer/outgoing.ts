// What this browser has sent and the server does not show yet.

import type { Came, Message, SendMessage } from '@recado/client';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { meQuery, useMe } from '../../../data/me.ts';
import { useTextOr } from '../../../kit/text-or.ts';
import type { Progress } from '../../../kit/upload.ts';
import { type KeptFile, prefixOf, type Rejection, type Waits } from './outgoing/kept.ts';
import { type Entry, type NewMessage, type Outbox, openOutbox } from './outgoing/outbox.ts';

export interface OutgoingMessage {
  localId: string;
  /** The request: its `type` names the field with the content. */
  content: SendMessage;
  /** The file of an image, a video, an audio or a document. */
  file?: (KeptFile & { blob: Blob | undefined }) | undefined;
  createdAt: string;
  state: 'sending' | 'failed';
  /** The server did not take it at the last try; the browser tries again by itself. */
  waits?: Waits | undefined;
  /** One before it in the conversation has to leave first. */
  isBehind: boolean;
  /** Why it failed, in words. */
  error?: string | undefined;
  errorCode?: string | undefined;
  /** What others of us wrote meanwhile, so that it was not sent from this tab. */
  came?: readonly Came[] | undefined;
  /** Of the upload of its file. */
  progress?: Progress | undefined;
  /** Set once the server has accepted it; `message` is its answer. */
  messageId?: string | undefined;
  message?: Message | undefined;
  retry(): void;
  tryNow(): void;
  /** Forgets an accepted one that the conversation shows. */
  forget(): void;
  /** The answer brings it back. */
  discard(): () => void;
}

let current: { prefix: string; outbox: Outbox } | undefined;

function outboxOf(prefix: string, isMine: () => boolean): Outbox {
  if (current?.prefix !== prefix) current = { prefix, outbox: openOutbox(prefix, isMine) };
  return current.outbox;
}

/** Discards what is not accepted yet, and sends nothing more of it. */
export function closeOutbox(): void {
  current?.outbox.discardAll();
  current = undefined;
}

/** The outbox of the person who is logged in. */
function useOutbox(): Outbox {
  const { person, workspace } = useMe();
  const client = useQueryClient();
  const outbox = outboxOf(prefixOf(workspace.id, person?.id ?? ''), () => {
    const now = client.getQueryData(meQuery.queryKey);
    return now?.person?.id === person?.id && now?.workspace.id === workspace.id;
  });
  useEffect(() => outbox.resume(), [outbox]);
  return outbox;
}

/** What is on its way from this browser in a conversation, oldest first. */
export function useOutgoing(conversationId: string): OutgoingMessage[] {
  const own = useOutbox();
  const inWords = useRejectionWords();
  const entries = useSyncExternalStore(
    own.subscribe,
    useCallback(() => own.entriesOf(conversationId), [own, conversationId]),
  );
  return useMemo(() => {
    const first = entries.find(({ kept, accepted }) => !kept.rejection && !accepted);
    const holds = first?.kept.waits !== undefined || first?.progress !== undefined;
    return entries.map(entry => asShown(entry, holds && entry !== first, own, inWords));
  }, [entries, own, inWords]);
}

function asShown(
  entry: Entry,
  isBehind: boolean,
  outbox: Outbox,
  inWords: (rejection: Rejection) => string,
): OutgoingMessage {
  const { kept, file, progress, accepted, isRefusedHere = false } = entry;
  const { localId, body, createdAt, rejection, waits } = kept;
  return {
    localId,
    content: body,
    file: kept.file && { ...kept.file, blob: file },
    createdAt,
    state: rejection ? 'failed' : 'sending',
    waits,
    isBehind,
    error: rejection && inWords(rejection),
    errorCode: rejection?.code,
    came: isRefusedHere ? rejection?.came : undefined,
    progress,
    messageId: accepted?.id,
    message: accepted,
    retry: () => outbox.retry(localId),
    tryNow: () => outbox.tryNow(kept.conversationId),
    forget: () => outbox.forgetAccepted(localId),
    discard: () => outbox.discard(localId),
  };
}

/** Forgets what the server has taken, once the conversation shows it from there: until then it is shown from here. */
export function useForgetShown(outgoing: readonly OutgoingMessage[], messages: readonly Message[] | undefined): void {
  useEffect(() => {
    const shown = new Set(messages?.map(({ id }) => id));
    for (const { messageId, forget } of outgoing) if (messageId !== undefined && shown.has(messageId)) forget();
  }, [outgoing, messages]);
}

/** The reason in the person's language where we have words for its code. */
function useRejectionWords(): (rejection: Rejection) => string {
  const { tOr } = useTextOr();
  return useCallback(({ code, detail }) => tOr(`composer.reject.${code}`, detail), [tOr]);
}

/** Sends by the outbox: at once where there is a network, else when it is back. */
export function useSend(): (message: NewMessage, file?: Blob) => void {
  return useOutbox().add;
}
