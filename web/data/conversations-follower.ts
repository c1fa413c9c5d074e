// Keeps lists of conversations and threads up to date with events: they are patched once a frame, so that a burst does
// not make the inbox slow. Rows of which events do not tell all are read again.
import type { Conversation, RecadoEvent } from '@recado/client';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { conversationKeys } from './conversation-keys.ts';
import {
  changedState,
  fits,
  isBelow,
  isOfServer,
  type ListData,
  type ListFilter,
  withChange,
  withRead,
  withRows,
} from './conversations-cache.ts';
import { type Change, changeOf } from './recent.ts';

/** Rows in doubt are read at once after a pause, else at most so often. */
const usualPauseMs = 1_000;
/** More rows than these are read with their list. */
const mostReads = 10;

const lists = { queryKey: conversationKeys.lists };

interface Given {
  client: QueryClient;
  /** Reads a conversation. */
  read: (id: string) => Promise<Conversation>;
  /** Shows the changes of a conversation in its thread. */
  onChanges: (conversationId: string, changes: readonly Change[]) => void;
  /** Calls in the next frame; the answer takes it back. */
  inFrame: (act: () => void) => () => void;
}

export interface Follower {
  take(event: RecadoEvent): void;
  stop(): void;
}

type News = { id: string; change: Change } | { id: string; unread: number; at: string };

/** Collects events and applies them in the next frame. */
export function followConversations({ client, read, onChanges, inFrame }: Given, pauseMs = usualPauseMs): Follower {
  /** Not shown yet by the threads, and by the rows of conversations. */
  let forThreads: Change[] = [];
  let forRows: News[] = [];
  /** Rows that an answer brought, to be put where they belong. */
  let answers: Conversation[] = [];
  const doubts = new Set<string>();
  const asked = new Set<string>();
  let cancelFrame: (() => void) | undefined;
  let reading: ReturnType<typeof setTimeout> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;

  const plan = () => {
    cancelFrame ??= inFrame(apply);
  };

  function apply(): void {
    cancelFrame = undefined;
    for (const [id, changes] of grouped(forThreads)) onChanges(id, changes);
    forThreads = [];
    // An answer that is on its way would undo what is patched now.
    if (client.isFetching(lists) > 0) {
      plan();
      return;
    }
    for (const row of answers) {
      put(client, row);
      if (isRead(client, row.id)) doubts.add(row.id);
    }
    answers = [];
    for (const id of patch(client, forRows)) doubts.add(id);
    forRows = [];
    clearDoubts();
  }

  function clearDoubts(): void {
    if (doubts.size === 0 || reading !== undefined) return;
    reading = setTimeout(readAgain, Math.max(0, readAt + pauseMs - performance.now()));
  }

  function readAgain(): void {
    reading = undefined;
    readAt = performance.now();
    const ids = [...doubts].filter(id => !asked.has(id));
    // The history of a phone brings hundreds at once.
    if (ids.length > mostReads || client.getQueryCache().findAll({ ...lists, type: 'active' }).length === 0) {
      doubts.clear();
      for (const id of ids) void client.invalidateQueries({ queryKey: conversationKeys.one(id) });
      void client.invalidateQueries(lists);
      return;
    }
    for (const id of ids) void readOne(id);
  }

  async function readOne(id: string): Promise<void> {
    doubts.delete(id);
    asked.add(id);
    try {
      const row = await read(id);
      answers.push(row);
    } catch {
      // It is read with the list when somebody comes to it.
      void client.invalidateQueries(lists);
    } finally {
      asked.delete(id);
      plan();
    }
  }

  return {
    take(event) {
      const change = changeOf(event);
      if (change) {
        forThreads.push(change);
        forRows.push({ id: change.message.conversation_id, change });
      } else if (event.type === 'conversation.read' || event.type === 'conversation.unread') {
        const { conversation_id: id, unread_count: unread } = event.data;
        forRows.push({ id, unread, at: event.timestamp });
      } else {
        const id = changedState(event);
        if (id === undefined) return;
        doubts.add(id);
        plan();
        return;
      }
      const { id } = forRows.at(-1) as News;
      // The answer that is on its way may have been given before this event.
      if (asked.has(id)) doubts.add(id);
      plan();
    },
    stop() {
      cancelFrame?.();
      clearTimeout(reading);
      cancelFrame = undefined;
      reading = undefined;
    },
  };
}

/** Whether an answer is on its way that may be older than what is known. */
const isRead = (client: QueryClient, id: string): boolean =>
  client.getQueryState(conversationKeys.one(id))?.fetchStatus === 'fetching';

function grouped(changes: readonly Change[]): Map<string, Change[]> {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const { conversation_id: id } = change.message;
    const group = groups.get(id);
    if (group) group.push(change);
    else groups.set(id, [change]);
  }
  return groups;
}

/** Applies news to all that shows their conversations. The answer: the conversations of which only the server knows. */
function patch(client: QueryClient, news: readonly News[]): Set<string> {
  const unsure = new Set<string>();
  const touched = new Map<string, News[]>();
  for (const each of news) touched.set(each.id, [...(touched.get(each.id) ?? []), each]);
  const after = (row: Conversation): Conversation => {
    let now = row;
    for (const each of touched.get(row.id) ?? []) {
      const changed = 'change' in each ? withChange(now, each.change) : withRead(now, each.unread, each.at);
      if (!changed.isSure) unsure.add(row.id);
      now = changed.row;
    }
    return now;
  };
  for (const id of touched.keys()) {
    const queryKey = conversationKeys.one(id);
    client.setQueryData<Conversation>(queryKey, row => row && after(row));
    if (isRead(client, id)) unsure.add(id);
  }
  const known = new Map<string, Conversation>();
  const missing: { key: QueryKey; id: string }[] = [];
  for (const [key, data] of client.getQueriesData<ListData>(lists)) {
    if (!data) continue;
    const rows = data.pages.flatMap(page => page.data);
    const changed = new Map(rows.filter(({ id }) => touched.has(id)).map(row => [row.id, after(row)]));
    for (const [id, row] of changed) known.set(id, row);
    for (const [id, each] of touched)
      if (!changed.has(id) && mayBring(each, key[2] as ListFilter)) missing.push({ key, id });
    if (changed.size > 0) client.setQueryData<ListData>(key, withRows(data, changed, (key[2] as ListFilter).sort));
  }
  for (const { key, id } of missing) {
    const row = known.get(id);
    if (row) place(client, key, row);
    else unsure.add(id);
  }
  return unsure;
}

/** Whether news may bring their conversation into a list that lacks it. */
const mayBring = (news: readonly News[], filter: ListFilter): boolean =>
  !isOfServer(filter) &&
  news.some(each =>
    'change' in each
      ? each.change.isNew && (filter.account_id === undefined || filter.account_id === each.change.message.account_id)
      : filter.unread === true && each.unread > 0,
  );

/** Puts a row into a list where it fits and is within what is loaded. */
function place(client: QueryClient, key: QueryKey, row: Conversation): void {
  const filter = key[2] as ListFilter;
  client.setQueryData<ListData>(key, data =>
    data && fits(row, filter) && !isBelow(row, data, filter.sort)
      ? withRows(data, new Map([[row.id, row]]), filter.sort)
      : data,
  );
}

/** Puts a row that was read into all that shows it, or should. */
function put(client: QueryClient, row: Conversation): void {
  client.setQueryData<Conversation>(conversationKeys.one(row.id), known => known && row);
  for (const [key, data] of client.getQueriesData<ListData>(lists)) {
    if (!data) continue;
    const isShown = data.pages.some(page => page.data.some(({ id }) => id === row.id));
    if (isShown)
      client.setQueryData<ListData>(key, withRows(data, new Map([[row.id, row]]), (key[2] as ListFilter).sort));
    else place(client, key, row);
  }
}
