// Hooks: work that features add to the transactions of features below them.
import type { ChannelName } from '@recado/contract';
import type { Queryable } from '../kit/db/database.ts';

/** Each name with its payload. Ids are UUIDs. A hook runs inside the transaction that brings it about. */
export interface Hooks {
  /** An account was stored, with its lane. */
  'account.created': { workspaceId: string; accountId: string; channel: ChannelName; businessId: string | null };
  /** An operator ended every hold of an account. */
  'account.resumed': { accountId: string; channel: ChannelName };
  /** An account was deleted, and its queue was cancelled. */
  'account.deleted': { accountId: string };
  /** Somebody hands a conversation over, with a note for who gets it. The caller may write notes. */
  'conversation.noted': {
    workspaceId: string;
    conversationId: string;
    body: string;
    by: { kind: 'person' | 'api_key'; id: string };
    now: Date | null;
  };
  /** Failed or unknown messages of an account are in the queue again, because a person says so. Its lane is locked. */
  'messages.requeued': { workspaceId: string; accountId: string; now: Date | null };
  /** Contacts are about to lose their addresses. The lanes of the workspace are locked. */
  'contact.deleted': { workspaceId: string; contactIds: string[] };
  /** The same, and nothing may name the people afterwards. */
  'contact.erased': { workspaceId: string; contactIds: string[] };
}

export type HookHandlers = {
  readonly [Name in keyof Hooks]?: (tx: Queryable, payload: Hooks[Name]) => Promise<void>;
};

export type RunHook = <Name extends keyof Hooks>(name: Name, tx: Queryable, payload: Hooks[Name]) => Promise<void>;

/** Returns the function that runs the handlers of a hook one after the other, in the order of the features. */
export const hooksOf =
  (features: readonly HookHandlers[]): RunHook =>
  async (name, tx, payload) => {
    for (const handlers of features) await handlers[name]?.(tx, payload);
  };
