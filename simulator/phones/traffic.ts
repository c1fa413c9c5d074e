// Traffic between businesses and phones: receipts at their time, and messages that people write.

import type { Threads } from '../business/thread-control.ts';
import { type OutcomeName, outcomeNamed, type Step } from '../control/reserved-recipients.ts';
import type { LedgerEntry } from '../graph/ledger.ts';
import type { Outgoing } from '../graph/message-rules.ts';
import type { Clock } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import type { Delays } from '../options.ts';
import type { ItemField, StatusItem, WebhookItem } from '../webhooks/webhook-body.ts';
import type { Plan, WebhookStore } from '../webhooks/webhook-store.ts';
import { isUnread, type Phones, type ScreenMessage } from './phones.ts';

/** A message of a person in Meta's inbound format, without sender, id and time. */
export type Written = {
  type: string;
  fields: Record<string, unknown>;
  /** The field of the webhook; `messages` without it. */
  field?: ItemField;
  /** It has the id of the item before it. */
  follows?: true;
  /** Not a message on the screen: it changes another one, or is a notice. */
  unseen?: true;
};

export type Traffic = {
  /** Sends an accepted message to the phone, or reports to the business why its file failed. */
  accept(entry: LedgerEntry, outgoing: Outgoing, mediaFailure: string | null): void;
  /** Resolves with the message's id when it is durable. */
  write(person: string, business: string, written: Written): Promise<string>;
  /** Posts a change of a business account to the callback. */
  notify(account: string, field: string, value: Record<string, unknown>): void;
  /** Stops or resumes marketing messages of a business; resolves when the notice is durable. */
  choose(person: string, business: string, choice: 'stop' | 'resume'): Promise<void>;
  /** Gives the chat with a person to somebody else, or back; resolves when the notice is durable. */
  handOver(person: string, business: string, owner: 'us' | 'other', role: string): Promise<void>;
  /** Marks all delivered messages as read by the person, or those of one business; returns how many. */
  readAll(person: string, business?: string): number;
  /** Resumes everything that was pending when the process ended. */
  resume(): void;
};

type Needs = {
  store: WebhookStore;
  threads: Threads;
  /** Posts a due item. */
  push(item: WebhookItem): void;
  phones: Phones;
  clock: Clock;
  delays: Delays;
  ids: Ids;
};

/** Plans the receipts of an accepted call's outcome. */
export const receiptPlan =
  (delays: Delays): Plan =>
  (entry, nextId) => {
    const outcome = outcomeNamed(entry.outcome);
    const start = Date.parse(entry.at) + (outcome.late ? delays.late : 0);
    // Meta reports only `sent` for a reaction.
    const steps: readonly Step[] =
      entry.type === 'reaction' ? outcome.receipts.filter(step => step.status === 'sent') : outcome.receipts;
    return steps.map(step => ({
      kind: 'status',
      id: nextId(),
      due: start + delays[step.after],
      number: entry.phone_number_id,
      person: entry.to,
      wamid: entry.wamid,
      status: step.status,
      type: entry.type,
      ...(entry.price === undefined ? {} : { price: entry.price }),
      token: entry.token,
      ...(step.error === undefined ? {} : { error: step.error }),
      ...(step.details === undefined ? {} : { details: step.details }),
      ...(step.byPerson === undefined ? {} : { byPerson: step.byPerson }),
      ...(outcome.copies === undefined ? {} : { copies: outcome.copies }),
    }));
  };

/** Pending items and their timers; `happen` is called at their time. */
const createTimetable = (store: WebhookStore, clock: Clock, happen: (item: WebhookItem) => void) => {
  const scheduled = new Map<WebhookItem, () => void>();
  const schedule = (item: WebhookItem) => {
    const cancel = clock.after(Math.max(0, item.due - clock.now()), () => {
      scheduled.delete(item);
      happen(item);
    });
    scheduled.set(item, cancel);
  };
  const add = (items: WebhookItem[]) => {
    const durable = store.add(items);
    for (const item of items) schedule(item);
    return durable;
  };
  return {
    add,
    // Receipts that could not be logged are planned again from the ledger at the next start.
    addReceipts: (items: WebhookItem[]) => {
      add(items).catch((error: unknown) => console.error('simulator: could not log receipts:', error));
    },
    // Read by hand: cancel the phone's planned read.
    cancelReads: (ids: ReadonlySet<string>) => {
      for (const [item, cancel] of scheduled) {
        if (item.kind !== 'status' || !item.byPerson || !ids.has(item.wamid)) continue;
        cancel();
        scheduled.delete(item);
        store.settle([item]);
      }
    },
    resume: () => {
      for (const item of store.open()) schedule(item);
    },
  };
};

/** Returns the traffic between both ends. */
export const createTraffic = ({ store, threads, push, phones, clock, delays, ids }: Needs): Traffic => {
  const plan = receiptPlan(delays);

  const timetable = createTimetable(store, clock, item => {
    if (item.kind === 'status') {
      if (item.byPerson && !phones.readsByItself(item.person, item.number)) return store.settle([item]);
      if (item.status === 'delivered' || item.status === 'read') arrive(item.wamid, item.status);
      repeat(item);
    }
    push(item);
  });

  const repeat = (item: StatusItem) => {
    const { byPerson: _, copies = 1, ...same } = item;
    if (copies === 1) return;
    timetable.addReceipts([{ ...same, id: store.nextId(), due: item.due + delays.sent, copies: copies - 1 }]);
  };

  const arrive = (wamid: string, status: 'delivered' | 'read') => {
    const place = phones.find(wamid);
    const isNew = place?.message.status === 'sent';
    phones.mark(wamid, status);
    const reply = place === undefined ? null : phones.repliesWith(place.person, place.business);
    if (!isNew || place === undefined || reply === null) return;
    write(place.person, place.business, { type: 'text', fields: { text: { body: reply } } }).catch((error: unknown) =>
      console.error('simulator: could not reply by itself:', error),
    );
  };

  /** How a webhook names the person. */
  const senderOf = (number: string) => {
    const person = phones.person(number);
    const id = person?.userId ?? null;
    const from = person?.hidesNumber === true && id !== null ? {} : { from: number };
    return { number, fields: { ...from, ...(id === null ? {} : { from_user_id: id }) } };
  };

  const write = async (person: string, business: string, written: Written) => {
    const due = clock.now();
    const message = inboundMessage(ids, senderOf(person), due, written);
    const wamid = String(message.id);
    const isTheirs = written.field === undefined && !threads.isOurs(business, person);
    const field = isTheirs ? 'standby' : written.field;
    const byOthers = written.field !== undefined && itemsOfOthers.has(written.field);
    const item = { kind: 'message', id: store.nextId(), due, number: business, person, wamid, message } as const;
    const isSeen = written.unseen === undefined;
    if (isSeen)
      phones.addMessage(person, business, {
        id: wamid,
        direction: byOthers ? 'received' : 'written',
        type: written.type,
        content: written.fields[written.type] ?? null,
        at: new Date(due).toISOString(),
        // A message of the shop from its own phone, or by others for it, arrives at once. No receipt is due for it.
        status: byOthers ? 'read' : 'sent',
        token: null,
        ...quotedIn(written.fields.context),
      });
    await timetable.add([field === undefined ? item : { ...item, field }]);
    return wamid;
  };

  const choose = async (person: string, business: string, choice: 'stop' | 'resume') => {
    const due = clock.now();
    phones.chooseMarketing(business, person, choice);
    const preference = {
      wa_id: person,
      detail: `User requested to ${choice} marketing messages`,
      category: 'marketing_messages',
      value: choice,
      timestamp: Math.floor(due / 1000),
    };
    const value = {
      contacts: [{ profile: { name: phones.nameOf(person) }, wa_id: person }],
      user_preferences: [preference],
    };
    const item = { id: store.nextId(), due, number: business, person, wamid: '' };
    await timetable.add([{ ...item, kind: 'notice', field: 'user_preferences', value }]);
  };

  const handOver = async (person: string, business: string, owner: 'us' | 'other', role: string) => {
    const due = clock.now();
    threads.give(business, person, owner);
    const value = {
      type: 'control_passed',
      sender: { phone_number: person },
      recipient: { phone_number_id: business, display_phone_number: phones.displayNumber(business) },
      timestamp: String(Math.floor(due / 1000)),
      control_passed: { new_owner_role: role },
    };
    const item = { id: store.nextId(), due, number: business, person, wamid: '' };
    await timetable.add([{ ...item, kind: 'notice', field: 'messaging_handovers', value }]);
  };

  return {
    write,
    handOver,
    notify: (account, field, value) =>
      timetable.addReceipts([
        // Changes of an account arrive in their order, so they share a conversation.
        {
          kind: 'change',
          id: store.nextId(),
          due: clock.now(),
          number: '',
          person: account,
          wamid: '',
          account,
          field,
          value,
        },
      ]),
    choose,
    resume: timetable.resume,
    accept: (entry, outgoing, mediaFailure) => {
      phones.addMessage(entry.to, entry.phone_number_id, receivedMessage(entry, outgoing));
      const failed = mediaFailure === null ? {} : { details: mediaFailure };
      const played = mediaFailure === null ? entry : { ...entry, outcome: failedOutcome(entry) };
      const receipts = plan(played, store.nextId) as StatusItem[];
      timetable.addReceipts(receipts.map(each => (each.error === undefined ? each : { ...each, ...failed })));
    },
    readAll: (number, only) => {
      const unread = [...(phones.person(number)?.threads ?? [])]
        .filter(([business]) => only === undefined || business === only)
        .flatMap(([business, messages]) => messages.filter(isUnread).map(message => ({ business, message })));
      timetable.cancelReads(new Set(unread.map(each => each.message.id)));
      for (const { message } of unread) phones.mark(message.id, 'read');
      const common = { kind: 'status', status: 'read', due: clock.now(), person: number } as const;
      const receipts = unread.map(({ business, message: { id, type, token } }) => {
        return { ...common, id: store.nextId(), number: business, wamid: id, type, token };
      });
      timetable.addReceipts(receipts);
      return unread.length;
    },
  };
};

/** The fields with what a person did not write. */
const itemsOfOthers: ReadonlySet<string> = new Set(['smb_message_echoes', 'standby']);

/** An outcome that the test forced stays. */
const failedOutcome = (entry: LedgerEntry): string =>
  entry.outcome === 'accepted' ? ('media-failed' satisfies OutcomeName) : entry.outcome;

type Sender = { number: string; fields: Record<string, unknown> };

const inboundMessage = (
  ids: Ids,
  { number, fields: sender }: Sender,
  now: number,
  { type, fields, field }: Written,
): Record<string, unknown> => {
  const id = ids.message(number, 'written');
  const whole: Record<string, unknown> = {
    ...sender,
    id,
    timestamp: String(Math.floor(now / 1000)),
    ...fields,
    type: field === 'calls' ? null : type,
  };
  if (whole.id === null) whole.id = id;
  // An echo in standby has all of it inside.
  if ('message' in fields) return { id: whole.id, timestamp: whole.timestamp, message: fields.message };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== null));
};

/** Delivery makes it visible; without a delivery receipt it is visible at once. */
const receivedMessage = (entry: LedgerEntry, { type, content, quoted }: Outgoing): ScreenMessage => ({
  id: entry.wamid,
  direction: 'received',
  type,
  content,
  at: entry.at,
  status: type === 'reaction' || outcomeNamed(entry.outcome).receipts.length === 0 ? 'delivered' : 'sent',
  token: entry.token,
  ...(quoted === undefined ? {} : { quoted }),
});

const quotedIn = (context: unknown): { quoted?: string } => {
  const id = (context as { id?: unknown } | undefined)?.id;
  return typeof id === 'string' ? { quoted: id } : {};
};
