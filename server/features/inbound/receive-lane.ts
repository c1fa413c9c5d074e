// The receive lane: reads stored payloads and applies each of their items.
import { createHash } from 'node:crypto';
import type { Job, LaneKind } from '../../engine/lane.ts';
import { places, semaphore } from '../../kit/async/semaphore.ts';
import {
  apart,
  type Database,
  isDataError,
  isLockTimeout,
  isStorageFull,
  type Queryable,
} from '../../kit/db/database.ts';
import { groupCommit } from '../../kit/db/group-commit.ts';
import type { Logger } from '../../kit/log.ts';
import type { Metrics } from '../../kit/metrics.ts';
import { excessOfBytes } from '../../kit/text/json-excess.ts';
import { storableText } from '../../kit/text/storable.ts';
import type { Clock } from '../../kit/time.ts';
import type { InboundItem, Notice, Receipt, SamePerson, Signal, WebhookApp, WebhookApps } from '../../ports/channel.ts';
import {
  type ConcernedAccount,
  findByBusiness,
  findByNumbers,
  findByPhone,
  keepBusiness,
  type NumberOwner,
} from '../accounts/index.ts';
import { addUserIds, joinPeople } from '../contacts/index.ts';
import { meaningOf } from '../opt-outs/index.ts';
import { bodyLimits } from './body-limits.ts';
import { condensed, tallyOf } from './dead-items.ts';
import {
  type AccountNotice,
  type AccountReceipt,
  type AccountSignal,
  applyReceipts,
  applySignals,
  closePayloads,
  countFailures,
  type DeadItem,
  duePayloadLanes,
  type ItemPlace,
  lockInbound,
  type NoticeHandler,
  openPayloads,
  type ReadPayload,
  receiptNames,
  removeApplied,
  type StoredPayload,
  setAside,
  storeDeadLetters,
  storeNotices,
} from './inbound-store.ts';
import { keyOf, receiveMessages } from './message-store.ts';
import type { ReceivedMessage } from './received-message.ts';

export interface ReceiveLaneNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  apps: WebhookApps;
  wake: (kind: string, key: string) => void;
  /**
   * The milliseconds between two shared transactions of this process. Under load payloads arrive all the time, and each
   * transaction has a fixed cost. An idle lane does not wait. Use 0 with a manual clock.
   */
  paceMs: number;
  /** What other features do with new notices of the channel. */
  noticeHandlers: NoticeHandler[];
  /** What other features do with some receipts. */
  receiptHandlers: ReceiptHandler[];
}

/** What another feature does with the receipts that concern it, in their transaction. */
export interface ReceiptHandler {
  concerns: (receipt: AccountReceipt) => boolean;
  handle: (tx: Queryable, receipts: ReturnType<typeof receiptNames>[]) => Promise<void>;
}

const payloadsAtOnce = 50;
const lanesTogether = 10;
const lightBytes = 100_000;
/** The most lanes at once that run in their own transaction. */
const lanesAlone = 4;
/**
 * The most lanes whose payloads are in memory at once: while one shared transaction runs, the next fills.
 */
const lanesAtOnce = 2 * lanesTogether;
/** The most lanes read at once; the other connections stay free for requests. */
const readsAtOnce = 4;
/** The delay before a lane tries again after it failed to apply its payloads, in milliseconds. */
const pauseMs = 1_000;
const unkept = 'cannot be applied or stored as received';
/** Lanes with more items have their own transaction. */
const lightItems = 500;
/** A larger body is parsed in a turn of the event loop of its own. */
const quickBytes = 16_000;
/** The most items sorted in one turn of the event loop. */
const itemsInTurn = 500;
/** The failed tries after which a payload is dead-lettered. */
const mostFailures = 3;

interface Sorted {
  messages: (ReceivedMessage & ItemPlace)[];
  receipts: (AccountReceipt & ItemPlace & { workspaceId: string })[];
  signals: (AccountSignal & ItemPlace)[];
  notices: (AccountNotice & ItemPlace)[];
  people: (SamePerson & ItemPlace & Owner)[];
  dead: DeadItem[];
}

interface Work {
  sorted: Sorted;
  /** The number of items of its payloads. */
  count: number;
  /** The payloads that this work closes. */
  payloads: (ReadPayload & { retried: boolean })[];
}

interface Applied {
  /** The payloads that it closed; another worker may have closed the others. */
  closed: Set<number>;
  /** The accounts held after a report of the channel. */
  held: string[];
  /** The accounts with a message that had no outcome until now. */
  open: string[];
  /** The messages and receipts that the database rejects, with the reason. */
  refused: DeadItem[];
}

interface OfApp {
  payload: StoredPayload;
  /** The app that posted it; undefined for one that no longer exists. */
  app: WebhookApp | undefined;
}

interface Read extends OfApp {
  items: InboundItem[];
}

interface Owner {
  accountId: string;
  workspaceId: string;
}

/** The owner of what an app posts that is of none of its accounts. */
const ownerOf = (app: WebhookApp | undefined): DeadItem['owner'] =>
  app?.workspaceId === undefined ? undefined : { accountId: undefined, workspaceId: app.workspaceId };

const itemPlace = ({ payloadId, place }: ItemPlace): ItemPlace => ({ payloadId, place });

const retriedOf = ({ payloads }: Work, closed: Set<number>): number[] =>
  payloads.filter(({ id, retried }) => retried && closed.has(id)).map(({ id }) => id);

/** A lane with many payloads has its own transaction, and waits for no other lane. */
const isLight = (payloads: StoredPayload[]): boolean =>
  payloads.length < payloadsAtOnce && payloads.reduce((sum, { body }) => sum + body.length, 0) < lightBytes;

const partOf = ({ messages, receipts, signals, notices, people, dead }: Sorted, closed: Set<number>): Sorted => {
  const isOf = ({ payloadId }: { payloadId: number }) => closed.has(payloadId);
  return {
    messages: messages.filter(isOf),
    receipts: receipts.filter(isOf),
    signals: signals.filter(isOf),
    notices: notices.filter(isOf),
    people: people.filter(isOf),
    dead: dead.filter(isOf),
  };
};

/** Moves the rejected items to the dead ones. */
const without = (sorted: Sorted, refused: DeadItem[]): Sorted => {
  const items = new Set(refused.map(({ item }) => item));
  return {
    ...sorted,
    messages: sorted.messages.filter(message => !items.has(message)),
    receipts: sorted.receipts.filter(receipt => !items.has(receipt)),
    notices: sorted.notices.filter(notice => !items.has(notice)),
    people: sorted.people.filter(person => !items.has(person)),
    dead: [...sorted.dead, ...refused],
  };
};

const merged = (all: Sorted[]): Sorted => ({
  messages: all.flatMap(({ messages }) => messages),
  receipts: all.flatMap(({ receipts }) => receipts),
  signals: all.flatMap(({ signals }) => signals),
  notices: all.flatMap(({ notices }) => notices),
  people: all.flatMap(({ people }) => people),
  dead: all.flatMap(({ dead }) => dead),
});

/** Creates the receive lane. A payload is closed in the transaction that applies its items. */
export function receiveLane(needs: ReceiveLaneNeeds): LaneKind {
  const { db, clock, log } = needs;

  const passAlone = semaphore(lanesAlone);
  const passRead = semaphore(readsAtOnce);
  /** Applies one lane in one transaction; after a data error, each item in its own savepoint, without the bad ones. */
  const applyAlone = (work: Work) =>
    db
      .transaction(tx => apply(tx, work))
      .catch(error => {
        if (!isDataError(error)) throw error;
        return db.transaction(tx => applyOneByOne(tx, work));
      });

  /** After a failed batch, applies each lane alone: another lane may have caused the failure. */
  async function applyAfter(error: unknown, work: Work): Promise<Applied> {
    log.debug({ err: error }, 'payloads of several lanes could not be applied together, and are applied lane by lane');
    const applied = await passAlone(() => applyAlone(work));
    // The batch may have committed without a response. Then these payloads are closed, but no lane was woken.
    const open = work.sorted.receipts.map(({ accountId }) => accountId);
    return { ...applied, closed: new Set(work.payloads.map(({ id }) => id)), open };
  }

  // Lanes with few items share a transaction: many numbers with one receipt each cost one transaction.
  const together = groupCommit<Work, Applied>({
    write: async works => {
      const sorted = merged(works.map(work => work.sorted));
      const payloads = works.flatMap(work => work.payloads);
      const count = works.reduce((sum, work) => sum + work.count, 0);
      const applied = await db.transaction(tx => apply(tx, { sorted, count, payloads }));
      return works.map(() => applied);
    },
    uncertain: () => false,
    max: lanesTogether,
    inFlight: 1,
    pace: { clock, ms: needs.paceMs },
  });

  async function applyNow(workOf: () => Promise<Work>): Promise<{ work: Work; applied: Applied }> {
    const work = await workOf();
    return { work, applied: await applyAlone(work) };
  }

  /** Parses many payloads only at their turn: parsed, they take a multiple of their bytes. */
  const applyHeavy = (workOf: () => Promise<Work>) => passAlone(() => applyNow(workOf));

  async function applyLight(workOf: () => Promise<Work>): Promise<{ work: Work; applied: Applied }> {
    const work = await workOf();
    if (work.sorted.signals.length > 0 || work.count > lightItems) return applyHeavy(async () => work);
    return { work, applied: await together.add(work).catch(error => applyAfter(error, work)) };
  }

  async function applyAll(payloads: StoredPayload[]): Promise<void> {
    const workOf = async () => sort(payloads);
    const applyThem = isLight(payloads) ? applyLight : applyHeavy;
    const { work, applied } = await applyThem(workOf);
    const { closed, held, open, refused } = applied;
    const sorted = without(partOf(work.sorted, closed), refused);
    // The text after the colon quotes the item, or is a number.
    for (const { payloadId, items, reason } of tallyOf(sorted.dead))
      log.warn({ payload: payloadId, items, reason: reason.split(':', 1)[0] }, 'inbound items were dead-lettered');
    for (const { accountId, class: kind, title } of sorted.signals)
      if (held.includes(accountId)) log.warn({ account: accountId, title, class: kind }, 'WhatsApp limits an account');
    needs.metrics.received.inc(sorted.messages.length);
    needs.metrics.deadItems.inc(sorted.dead.length);
    for (const { status } of sorted.receipts) needs.metrics.receipts.inc({ status });
    for (const account of new Set(sorted.messages.flatMap(({ media, accountId }) => (media ? [accountId] : []))))
      needs.wake('fetch', account);
    // A message from a contact may end the deferral of messages to it.
    const wrote = sorted.messages.filter(message => mayEndWait(message)).map(({ accountId }) => accountId);
    const heard = sorted.receipts.map(({ accountId }) => accountId).filter(account => open.includes(account));
    for (const account of new Set([...wrote, ...heard])) needs.wake('send', account);
  }

  // Payloads are closed first: another worker with the same ones waits here, and then skips them.
  /**
   * Locks the lanes, then closes the payloads. A transaction takes its place in the event log with its first write: if it
   * wrote before it waited for a lane, its receipts would come before the call's own event.
   */
  async function lockAndClose(
    tx: Queryable,
    { sorted, payloads }: Work,
  ): Promise<{ closed: Set<number>; sorted: Sorted }> {
    await lockInbound(tx, sorted.signals, sorted.messages, sorted.receipts, workspacesOf(sorted));
    const closed = await closePayloads(tx, payloads, clock.sqlNow());
    return { closed, sorted: partOf(sorted, closed) };
  }

  async function apply(tx: Queryable, work: Work): Promise<Applied> {
    const { closed, sorted } = await lockAndClose(tx, work);
    const held = await applySignals(tx, sorted.signals, clock.sqlNow());
    const unreadable = await receiveMessages(tx, distinct(sorted.messages), clock.sqlNow());
    const open = await applyReceipts(tx, sorted.receipts, clock.sqlNow());
    await addUserIds(tx, knownIn(sorted.receipts), clock.sqlNow());
    await joinPeople(tx, sorted.people, clock.sqlNow());
    await handleReceipts(tx, sorted.receipts);
    await applyNotices(tx, sorted.notices);
    await storeDeadLetters(tx, condensed(sorted.dead));
    await removeApplied(tx, retriedOf(work, closed));
    needs.metrics.unreadableEdits.inc(unreadable);
    return { closed, held, open, refused: [] };
  }

  async function handleReceipts(tx: Queryable, receipts: AccountReceipt[]): Promise<void> {
    for (const { concerns, handle } of needs.receiptHandlers) {
      const meant = receipts.filter(concerns);
      if (meant.length > 0) await handle(tx, meant.map(receiptNames));
    }
  }

  /** The workspaces whose queues may change as a whole: of people who opt out. */
  const workspacesOf = ({ messages, notices, receipts }: Sorted): string[] => {
    const meant = receipts.filter(receipt => needs.receiptHandlers.some(({ concerns }) => concerns(receipt)));
    const written = messages.filter(({ word }) => word !== undefined);
    return [...new Set([...notices, ...meant, ...written].map(({ workspaceId }) => workspaceId))];
  };

  async function applyNotices(tx: Queryable, notices: Sorted['notices']): Promise<void> {
    const news = await storeNotices(tx, notices, clock.sqlNow());
    if (news.length > 0) for (const handle of needs.noticeHandlers) await handle(tx, news, clock.sqlNow());
  }

  async function applyOneByOne(tx: Queryable, work: Work): Promise<Applied> {
    const { closed, sorted } = await lockAndClose(tx, work);
    const refused: DeadItem[] = [];
    const open: string[] = [];
    const attempt = async (item: ItemPlace & Owner, work: () => Promise<void>) => {
      const error = await apart(tx, work);
      if (error) refused.push({ ...itemPlace(item), item, code: 'not_storable', reason: error.message, owner: item });
    };
    const held = await applySignals(tx, sorted.signals, clock.sqlNow());
    let unreadable = 0;
    for (const message of sorted.messages)
      await attempt(message, async () => {
        unreadable += await receiveMessages(tx, [message], clock.sqlNow());
      });
    for (const receipt of sorted.receipts)
      await attempt(receipt, async () => {
        open.push(...(await applyReceipts(tx, [receipt], clock.sqlNow())));
        await addUserIds(tx, knownIn([receipt]), clock.sqlNow());
        await handleReceipts(tx, [receipt]);
      });
    for (const person of sorted.people) await attempt(person, () => joinPeople(tx, [person], clock.sqlNow()));
    for (const notice of sorted.notices) await attempt(notice, () => applyNotices(tx, [notice]));
    for (const item of condensed([...sorted.dead, ...refused])) {
      const error = await apart(tx, () => storeDeadLetters(tx, [item]));
      // The row has no value of the item, so it cannot fail. The payload keeps the item.
      if (error) await storeDeadLetters(tx, [{ ...item, item: null, code: 'not_storable', reason: unkept }]);
    }
    await removeApplied(tx, retriedOf(work, closed));
    needs.metrics.unreadableEdits.inc(unreadable);
    return { closed, held, open, refused };
  }

  /** The items of payloads by what is to be done, and of each payload the workspace that alone it is about. */
  async function sort(payloads: StoredPayload[]): Promise<Work> {
    const sorted: Sorted = { messages: [], receipts: [], signals: [], notices: [], people: [], dead: [] };
    const apps = new Map<string, WebhookApp | undefined>();
    for (const app of new Set(payloads.map(({ app }) => app))) apps.set(app, await needs.apps.find(app));
    const read: Read[] = [];
    for (const payload of payloads) {
      // Others have their turn between two large bodies.
      if (read.length > 0 && payload.body.length > quickBytes) await new Promise(setImmediate);
      const app = apps.get(payload.app);
      read.push({ payload, app, items: itemsOf(payload, app) });
    }
    const owners = await ownersOf(read);
    const closing: Work['payloads'] = [];
    let count = 0;
    for (const { payload, app, items } of read) {
      if (count > 0 && payload.body.length > quickBytes) await new Promise(setImmediate);
      count += items.length;
      const concerned = new Set<string | undefined>();
      for (const [place, item] of items.entries()) {
        if (place % itemsInTurn === itemsInTurn - 1) await new Promise(setImmediate);
        for (const workspaceId of await sortItem({ payload, app }, place, item, owners, sorted))
          concerned.add(workspaceId);
      }
      const [workspaceId = app?.workspaceId] = concerned.size === 1 ? concerned : [];
      closing.push({ id: payload.id, retried: payload.retried, workspaceId });
    }
    return { sorted, count, payloads: closing };
  }

  /** Gives the workspaces that the item is about; undefined is one that we do not know. */
  async function sortItem(
    { payload, app }: OfApp,
    place: number,
    item: InboundItem,
    owners: Map<string, NumberOwner>,
    sorted: Sorted,
  ): Promise<(string | undefined)[]> {
    const at = { payloadId: payload.id, place };
    const owner = owners.get(`${payload.app} ${item.numberId}`);
    const bury = (item: unknown, code: DeadItem['code'], reason: string) => {
      sorted.dead.push({ ...at, item, code, reason, owner: owner ?? ownerOf(app) });
      return [owner?.workspaceId];
    };
    if (item.kind === 'unreadable') return bury(item.item, item.code, item.reason);
    if (item.kind === 'number') {
      if (owner && !owner.deleted && owner.businessId !== item.businessId) {
        await keepBusiness(db, owner.accountId, item.businessId);
        owner.businessId = item.businessId;
      }
      return [owner?.workspaceId];
    }
    if (item.kind === 'signal') {
      const { class: kind, title, hash, until, appId } = item;
      if (appId !== undefined && app?.appId !== undefined && appId !== app.appId) return [];
      // A reprocessed signal may be older than the operator's fix: keep its own time.
      const toldAt = payload.retried ? payload.received_at : undefined;
      const concerned = await accountsOf(item, app, owner);
      // An account of which we do not know the business may belong to another one: too little to end its number.
      const accounts = kind === 'ended' ? concerned.filter(account => isKnownOf(item, account)) : concerned;
      for (const { accountId } of accounts)
        sorted.signals.push({ ...at, accountId, class: kind, title, hash, until, at: toldAt });
      if (accounts.length === 0)
        return bury({ ...item, hash: undefined }, 'account_unknown', `no account ${meantBy(item)}`);
      return accounts.map(({ workspaceId }) => workspaceId);
    }
    if (item.kind === 'notice') {
      // An account of which we do not know the business may belong to another one.
      const accounts = (await accountsOf(item, app, owner)).filter(account => isKnownOf(item, account));
      for (const { accountId, workspaceId } of accounts)
        sorted.notices.push({ ...item, ...at, accountId, workspaceId });
      if (accounts.length > 0) return accounts.map(({ workspaceId }) => workspaceId);
      if (item.hasSignal) return [];
      return bury({ ...item, hash: undefined }, 'account_unknown', `no account ${meantBy(item)}`);
    }
    if (!owner || (owner.deleted && item.kind === 'message'))
      return bury(item, 'account_unknown', `no account has the number: ${item.numberId}`);
    const { accountId, workspaceId } = owner;
    if (item.kind === 'message')
      sorted.messages.push({ ...item, ...meaningOf(item, owner.words), ...at, accountId, workspaceId });
    else if (item.kind === 'same_person') sorted.people.push({ ...item, ...at, accountId, workspaceId });
    else {
      sorted.receipts.push({ ...item, ...at, accountId, workspaceId });
      if (item.trouble && !owner.deleted) sorted.signals.push({ ...signalOf(item, item.trouble), ...at, accountId });
    }
    return [workspaceId];
  }

  async function accountsOf(
    { phone, numberId, businessId }: Signal | Notice,
    app: WebhookApp | undefined,
    owner: NumberOwner | undefined,
  ): Promise<ConcernedAccount[]> {
    if (!app) return [];
    if (phone !== undefined) return findByPhone(db, app, phone);
    if (numberId === undefined) return findByBusiness(db, app, businessId);
    return owner && !owner.deleted ? [owner] : [];
  }

  function itemsOf(payload: StoredPayload, app: WebhookApp | undefined): InboundItem[] {
    const unreadable = { kind: 'unreadable', item: null, numberId: undefined } as const;
    if (!app)
      return [{ ...unreadable, code: 'app_unknown', reason: `no app of this name is configured: ${payload.app}` }];
    const excess = excessOfBytes(payload.body, bodyLimits);
    if (excess)
      return [
        { ...unreadable, code: 'body_too_complex', reason: `the body has more than ${bodyLimits[excess]} ${excess}` },
      ];
    try {
      return app.webhooks.parse(payload.body);
    } catch (error) {
      // The error quotes the body, which may have any content.
      const reason = storableText(`the body cannot be read: ${(error as Error).message}`);
      return [{ ...unreadable, code: 'body_unreadable', reason }];
    }
  }

  async function ownersOf(read: Read[]): Promise<Map<string, NumberOwner>> {
    const owners = new Map<string, NumberOwner>();
    for (const app of new Set(read.map(each => each.app))) {
      const numbers = new Set<string>();
      const name = read.find(each => each.app === app)?.payload.app;
      for (const each of read)
        if (each.app === app)
          for (const item of each.items)
            if ('numberId' in item && item.numberId !== undefined) numbers.add(item.numberId);
      if (!app || numbers.size === 0) continue;
      for (const owner of await findByNumbers(db, app, [...numbers])) owners.set(`${name} ${owner.numberId}`, owner);
    }
    return owners;
  }

  /**
   * Counts a failed try, and dead-letters the payloads that have failed too often: a lane tries none for ever. A try that
   * failed because the database is away does not count, as the count then fails too.
   */
  async function noteFailure(payloads: StoredPayload[], error: unknown): Promise<void> {
    const ids = payloads.map(({ id }) => id);
    try {
      const failed = await countFailures(db, ids, mostFailures);
      if (failed.length === 0) return;
      // Without the error's words: they may quote the payload.
      const reason = `Recado failed ${mostFailures} times to apply the webhook: ${nameOf(error)}`;
      await db.transaction(tx => setAside(tx, failed, reason, clock.sqlNow()));
      needs.metrics.deadItems.inc(failed.length);
      // Not with the error itself: the log holds back repeated ones of a database that is away.
      for (const payload of failed) log.error({ payload, reason }, 'an inbound payload was dead-lettered');
    } catch (problem) {
      log.debug({ err: problem }, 'a failed try of inbound payloads could not be counted');
    }
  }

  /** Creates `count` places for lanes. A lane without a place is woken when one is free. */
  function openPlaces(count: number): (key: string) => (() => void) | undefined {
    const turnedAway = new Set<string>();
    const all = places(count, () => {
      for (const key of turnedAway) {
        turnedAway.delete(key);
        return needs.wake('receive', key);
      }
    });
    return key => {
      const free = all.take();
      if (free) turnedAway.delete(key);
      else turnedAway.add(key);
      return free;
    };
  }
  const takePlace = openPlaces(lanesAtOnce);

  return {
    kind: 'receive',
    concurrency: 1,
    async claim(key) {
      const free = takePlace(key);
      if (!free) return { jobs: [], waitMs: undefined, more: true };
      const open = await passRead(() => openPayloads(db, needs.apps.configured, key, payloadsAtOnce)).catch(error => {
        free();
        throw error;
      });
      const payloads = untriedOf(open);
      if (payloads.length === 0) {
        free();
        return { jobs: [], waitMs: undefined, more: false };
      }
      const job: Job = {
        async run() {
          try {
            await applyAll(payloads);
          } catch (error) {
            const isBlocked = isLockTimeout(error);
            if (!isBlocked && !isStorageFull(error)) await noteFailure(payloads, error);
            // Open payloads are claimed again when this job ends.
            await new Promise<void>(resolve => clock.after(pauseMs, resolve));
            if (!isBlocked) throw error;
            log.warn({ err: error, lane: 'receive', key }, 'payloads wait for a row lock');
          } finally {
            free();
          }
          return undefined;
        },
        release: async () => free(),
      };
      return { jobs: [job], waitMs: undefined, more: true };
    },
    due: () => duePayloadLanes(db, needs.apps.configured),
  };
}

/** The payloads up to the first that has failed; that one alone, so that no other fails with it. */
function untriedOf(payloads: StoredPayload[]): StoredPayload[] {
  const failed = payloads.findIndex(({ failures }) => failures > 0);
  return failed === -1 ? payloads : payloads.slice(0, Math.max(failed, 1));
}

/** The code of the database, or the kind of the error. */
const nameOf = (error: unknown): string =>
  error instanceof Error ? ('code' in error ? `error ${error.code}` : error.name) : typeof error;

/** The account report in the failure of a message: the same in each repeat. */
const signalOf = ({ channelMessageId, code, title, at }: Receipt, trouble: Signal['class']) => ({
  class: trouble,
  title,
  hash: createHash('sha256')
    .update(JSON.stringify([channelMessageId, code]))
    .digest(),
  at,
});

/** The numbers and the user ids of recipients, each pair once. */
function knownIn(receipts: Sorted['receipts']) {
  const known = receipts.flatMap(({ workspaceId, person }) => (person ? [{ workspaceId, ...person }] : []));
  return [...new Map(known.map(each => [`${each.workspaceId} ${each.phone} ${each.userId}`, each])).values()];
}

const meantBy = ({ numberId, phone, businessId }: Signal | Notice): string =>
  (numberId ?? phone) === undefined ? `is of the business: ${businessId}` : `has the number: ${numberId ?? phone}`;

/** Whether an item names the account by its number, or by its business account. */
const isKnownOf = ({ phone, numberId, businessId }: Signal | Notice, account: ConcernedAccount): boolean =>
  phone !== undefined || numberId !== undefined || (account.businessId !== null && account.businessId === businessId);

/** Whether a message may end the wait of messages to its writer. */
const mayEndWait = ({ type, direction }: ReceivedMessage): boolean => direction === 'inbound' && type !== 'system';

/** Each message once; of a placeholder and its real message, the real one. Notices of calls and changes all stay. */
function distinct<M extends ReceivedMessage>(messages: M[]): M[] {
  const byKey = new Map<string, M>();
  for (const message of messages) {
    const isStep = message.change !== undefined || message.type === 'call';
    const key = isStep ? `${keyOf(message)} ${byKey.size}` : keyOf(message);
    const before = byKey.get(key);
    if (!before || (before.type === 'unsupported' && message.type !== 'unsupported')) byKey.set(key, message);
  }
  return [...byKey.values()];
}
