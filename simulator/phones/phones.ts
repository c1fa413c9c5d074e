// People with phones, and the business numbers that they know. Every change is journaled.
import { join } from 'node:path';
import { reservedIdentity } from '../control/reserved-recipients.ts';
import { notFound } from '../kit/http.ts';
import { openLineFile, readLineFile, rewriteLineFile } from '../kit/line-file.ts';
import type { Settings } from '../options.ts';

const keptPerThread = 500;

type ScreenStatus = 'sent' | 'delivered' | 'read';

/** A message on a phone. A message to the person is visible only after delivery. */
export type ScreenMessage = {
  id: string;
  direction: 'received' | 'written';
  type: string;
  content: unknown;
  at: string;
  status: ScreenStatus;
  /** The business's opaque data, which every receipt echoes. */
  token: string | null;
  /** The message that this one answers, by its id. */
  quoted?: string;
  /** Whether its author changed its text. */
  edited?: true;
};

export type Person = {
  number: string;
  name: string | null;
  autoRead: boolean | null;
  autoReply: string | null | undefined;
  /** The business-scoped id of Meta. */
  userId: string | null;
  username: string | null;
  /** Whether webhooks name the user id in place of the number. */
  hidesNumber: boolean;
  threads: Map<string, ScreenMessage[]>;
  /** The businesses whose marketing messages the person stopped. */
  stopped: Set<string>;
  /** Settings of single chats, by business; the person's apply to the others. */
  chats: Map<string, ChatSettings>;
};

export type ChatSettings = { auto_read?: boolean; auto_reply?: string | null };

export type PersonChange = {
  number: string;
  name?: string;
  auto_read?: boolean;
  auto_reply?: string | null;
  user_id?: string;
  username?: string;
  hides_number?: boolean;
};

type Change =
  | { kind: 'business'; id: string; display: string; account?: string }
  | ({ kind: 'person' } & PersonChange)
  | { kind: 'message'; person: string; business: string; message: ScreenMessage }
  | { kind: 'status'; id: string; status: ScreenStatus }
  | { kind: 'marketing'; person: string; business: string; choice: 'stop' | 'resume' }
  | { kind: 'chat'; person: string; business: string; settings: ChatSettings }
  | { kind: 'content'; id: string; type: string; content: unknown };

type Place = { person: string; business: string; message: ScreenMessage };

export type Phones = {
  people(): Person[];
  person(number: string): Person | undefined;
  changePerson(change: PersonChange): void;
  /** Changes settings of one chat only. */
  changeChat(person: string, business: string, settings: ChatSettings): void;
  nameOf(number: string): string;
  /** The number of the person with this user id. */
  numberOfUser(userId: string): string | null;
  /** Changes what a message shows. */
  rewrite(messageId: string, type: string, content: unknown): void;
  /** Whether the phone reads by itself, in general or in the chat with a business. */
  readsByItself(number: string, business?: string): boolean;
  repliesWith(number: string, business?: string): string | null;
  businesses(): { id: string; display: string; account: string }[];
  /** Registers a business number on first use. */
  touchBusiness(id: string): void;
  /** A call at the Graph API for a number. @throws GraphError if nobody made the number, unless any may be used */
  reachBusiness(id: string): void;
  /** Registers a business number; without an account it keeps the one that it has. */
  registerBusiness(id: string, display: string, account?: string): void;
  displayNumber(id: string): string;
  stoppedMarketing(business: string, person: string): boolean;
  chooseMarketing(business: string, person: string, choice: 'stop' | 'resume'): void;
  /** The business account (WABA) of a number. */
  accountOf(id: string): string;
  addMessage(person: string, business: string, message: ScreenMessage): void;
  find(messageId: string): Place | undefined;
  /** Shows that the business is typing, until this time or its next message. */
  showTyping(business: string, person: string, until: number): void;
  isTyping(business: string, person: string, now: number): boolean;
  /** Raises a message's status; returns whether it changed. */
  mark(messageId: string, status: ScreenStatus): boolean;
  close(): Promise<void>;
};

/** Whether the person sees it and has not read it. */
export const isUnread = (message: ScreenMessage): boolean =>
  message.direction === 'received' && message.status === 'delivered' && message.type !== 'reaction';

const rank: Record<ScreenStatus, number> = { sent: 0, delivered: 1, read: 2 };

type Business = { display: string; account: string };

/** The business account of numbers that were registered without one. */
const defaultAccount = '555000000000001';

type State = { people: Map<string, Person>; businesses: Map<string, Business>; places: Map<string, Place> };

/** Reads the phones from their journal and opens it for appending. */
export const openPhones = async (settings: Settings): Promise<Phones> => {
  const path = join(settings.dataDir, 'phones.jsonl');
  const state: State = { people: new Map(), businesses: new Map(), places: new Map() };
  for await (const line of readLineFile(path)) apply(state, line as Change);
  await rewriteLineFile(path, changesOf(state));
  const journal = await openLineFile(path);
  const record = (change: Change) => {
    apply(state, change);
    journal.note(change);
  };
  const { people, businesses, places } = state;
  const typing = new Map<string, number>();
  const touch = (id: string) => {
    if (!businesses.has(id)) record({ kind: 'business', id, display: derivedNumber(id) });
  };

  return {
    people: () => [...people.values()],
    person: number => people.get(number),
    changePerson: change => record({ kind: 'person', ...change }),
    nameOf: number => people.get(number)?.name ?? `Person ${number.slice(-4)}`,
    changeChat: (person, business, settings) => record({ kind: 'chat', person, business, settings }),
    readsByItself: (number, business = '') => {
      const person = people.get(number);
      return person?.chats.get(business)?.auto_read ?? person?.autoRead ?? settings.autoRead;
    },
    repliesWith: (number, business = '') => {
      const person = people.get(number);
      const ofChat = person?.chats.get(business)?.auto_reply;
      const own = ofChat === undefined ? person?.autoReply : ofChat;
      return own === undefined ? settings.autoReply : own;
    },
    numberOfUser: userId => [...people.values()].find(person => person.userId === userId)?.number ?? null,
    rewrite: (id, type, content) => record({ kind: 'content', id, type, content }),
    businesses: () => [...businesses].map(([id, business]) => ({ id, ...business })),
    touchBusiness: touch,
    reachBusiness: id => {
      if (!businesses.has(id) && settings.numbers === 'made') throw notFound(id, { http: 400 });
      touch(id);
    },
    stoppedMarketing: (business, person) => people.get(person)?.stopped.has(business) ?? false,
    chooseMarketing: (business, person, choice) => record({ kind: 'marketing', person, business, choice }),
    registerBusiness: (id, display, account) =>
      record({ kind: 'business', id, display, ...(account === undefined ? {} : { account }) }),
    displayNumber: id => businesses.get(id)?.display ?? derivedNumber(id),
    accountOf: id => businesses.get(id)?.account ?? defaultAccount,
    addMessage: (person, business, message) => {
      if (message.direction === 'received') typing.delete(`${business}/${person}`);
      record({ kind: 'message', person, business, message });
    },
    showTyping: (business, person, until) => {
      typing.set(`${business}/${person}`, until);
    },
    isTyping: (business, person, now) => (typing.get(`${business}/${person}`) ?? 0) > now,
    find: id => places.get(id),
    mark: (id, status) => {
      const before = places.get(id)?.message.status;
      if (before === undefined || rank[before] >= rank[status]) return false;
      record({ kind: 'status', id, status });
      return true;
    },
    close: journal.close,
  };
};

/** The number for an unregistered id: deterministic, in the fictitious 555 range. */
const derivedNumber = (id: string): string => `1555${id.slice(-7).padStart(7, '0')}`;

const apply = (state: State, change: Change): void => {
  switch (change.kind) {
    case 'business':
      state.businesses.set(change.id, {
        display: change.display,
        account: change.account ?? state.businesses.get(change.id)?.account ?? defaultAccount,
      });
      return;
    case 'person': {
      const person = personIn(state, change.number);
      if (change.name !== undefined) person.name = change.name;
      if (change.auto_read !== undefined) person.autoRead = change.auto_read;
      if (change.auto_reply !== undefined) person.autoReply = change.auto_reply;
      if (change.user_id !== undefined) person.userId = change.user_id;
      if (change.username !== undefined) person.username = change.username;
      if (change.hides_number !== undefined) person.hidesNumber = change.hides_number;
      return;
    }
    case 'message': {
      const thread = threadIn(personIn(state, change.person), change.business);
      thread.push(change.message);
      state.places.set(change.message.id, change);
      const forgotten = thread.length > keptPerThread ? thread.shift() : undefined;
      if (forgotten !== undefined) state.places.delete(forgotten.id);
      return;
    }
    case 'marketing': {
      const { stopped } = personIn(state, change.person);
      if (change.choice === 'stop') stopped.add(change.business);
      else stopped.delete(change.business);
      return;
    }
    case 'chat': {
      const { chats } = personIn(state, change.person);
      chats.set(change.business, { ...chats.get(change.business), ...change.settings });
      return;
    }
    case 'content': {
      const place = state.places.get(change.id);
      if (place !== undefined) {
        const edited = change.type === 'revoked' ? {} : { edited: true as const };
        Object.assign(place.message, { type: change.type, content: change.content }, edited);
      }
      return;
    }
    case 'status': {
      const place = state.places.get(change.id);
      if (place !== undefined) place.message.status = change.status;
    }
  }
};

const personIn = (state: State, number: string): Person => {
  const known = state.people.get(number);
  if (known !== undefined) return known;
  const person: Person = {
    number,
    name: null,
    autoRead: null,
    autoReply: undefined,
    stopped: new Set(),
    chats: new Map(),
    ...reservedIdentity(number),
    threads: new Map(),
  };
  state.people.set(number, person);
  return person;
};

const threadIn = (person: Person, business: string): ScreenMessage[] => {
  const known = person.threads.get(business);
  if (known !== undefined) return known;
  const thread: ScreenMessage[] = [];
  person.threads.set(business, thread);
  return thread;
};

/** The shortest journal with the same state. */
function* changesOf(state: State): Generator<Change> {
  for (const [id, business] of state.businesses) yield { kind: 'business', id, ...business };
  for (const person of state.people.values()) {
    yield {
      kind: 'person',
      number: person.number,
      ...(person.name === null ? {} : { name: person.name }),
      ...(person.autoRead === null ? {} : { auto_read: person.autoRead }),
      ...(person.autoReply === undefined ? {} : { auto_reply: person.autoReply }),
      ...(person.userId === null ? {} : { user_id: person.userId }),
      ...(person.username === null ? {} : { username: person.username }),
      ...(person.hidesNumber ? { hides_number: true } : {}),
    };
    for (const [business, messages] of person.threads) {
      for (const message of messages) yield { kind: 'message', person: person.number, business, message };
    }
    for (const [business, settings] of person.chats) yield { kind: 'chat', person: person.number, business, settings };
    for (const business of person.stopped) yield { kind: 'marketing', person: person.number, business, choice: 'stop' };
  }
}
