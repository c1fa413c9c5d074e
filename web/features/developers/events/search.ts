// The filters of the event log, as they are in the address.
import type { EventPattern, RecadoEvent } from '@recado/client';
import type { EventFilter } from '../../../data/events.ts';

export interface EventsSearch {
  /** A type, or a group of them: `message.*`. */
  type?: EventPattern | undefined;
  /** The id of an account. */
  account?: string | undefined;
  /** The id of a message, a conversation or a contact. */
  about?: string | undefined;
  /** Only events from before. */
  until?: string | undefined;
  /** The id of the event that is open. */
  event?: string | undefined;
}

const text = (given: unknown) => (typeof given === 'string' && given !== '' ? given : undefined);
const matching = (given: unknown, pattern: RegExp) => {
  const found = text(given);
  return found !== undefined && pattern.test(found) ? found : undefined;
};

const subject = /^(msg|cnv|con)_[0-9a-z]{26}$/;

/** Keeps valid filters. Others would stay in the address. */
export function eventsSearch(given: Record<string, unknown>): EventsSearch {
  const until = text(given.until);
  return {
    type: matching(given.type, /^[a-z_]+\.(\*|[a-z_]+)$/) as EventPattern | undefined,
    account: matching(given.account, /^acc_[0-9a-z]{26}$/),
    about: matching(given.about, subject),
    until: until !== undefined && !Number.isNaN(Date.parse(until)) ? until : undefined,
    event: matching(given.event, /^evt_[0-9a-z]{26}$/),
  };
}

/** Whether a text is the id of something that events are about, or of an event. */
export const isId = (typed: string): boolean => /^evt_[0-9a-z]{26}$/.test(typed) || subject.test(typed);

const fields = { msg: 'message_id', cnv: 'conversation_id', con: 'contact_id' } as const;

/** The same for the API. */
export const filterOf = ({ type, account, about, until }: EventsSearch): EventFilter => ({
  ...(type !== undefined && { types: [type] }),
  ...(account !== undefined && { account_id: account }),
  ...(about !== undefined && { [fields[about.slice(0, 3) as keyof typeof fields]]: about }),
  ...(until !== undefined && { until: new Date(until).toISOString() }),
});

/** The ids of an event's data, and of its message. */
const idsOf = ({ data }: RecadoEvent): unknown[] => {
  const message = 'message' in data ? data.message : undefined;
  return [...Object.values(data), message?.id, message?.conversation_id, message?.contact_id];
};

/** Whether an event that has just come belongs into the list: the API decides it in the same way. */
export function isWanted({ type, account, about, until }: EventsSearch, event: RecadoEvent): boolean {
  if (until !== undefined) return false;
  if (type !== undefined && !(type.endsWith('.*') ? event.type.startsWith(type.slice(0, -1)) : event.type === type))
    return false;
  if (account !== undefined && event.account_id !== account) return false;
  return about === undefined || idsOf(event).includes(about);
}
