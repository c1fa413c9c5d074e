// What operators do to accounts and messages while the engine is at work: the deeds of the API, as its routes compose them.
import type { updateAccountBody } from '@recado/contract';
import type { z } from 'zod';
import {
  type AccountNeeds,
  deleteAccount,
  pauseAccount,
  purgeQueue,
  resumeAccount,
  updateAccount,
} from '../../server/features/accounts/manage-account.ts';
import { campaignHooks } from '../../server/features/campaigns/index.ts';
import { deleteContact } from '../../server/features/contacts/store.ts';
import { hooksOf } from '../../server/features/hooks.ts';
import { optOutHooks } from '../../server/features/opt-outs/index.ts';
import { resolveUnknown } from '../../server/features/outcomes/resolve-store.ts';
import { requeueAll, requeueFailed } from '../../server/features/outcomes/retry-store.ts';
import { eraseContact } from '../../server/features/privacy/erase.ts';
import { cancelWaiting, lockLanes } from '../../server/features/queue/index.ts';
import { type Database, isUnavailable, type Queryable, type ScopedDatabase } from '../../server/kit/db/database.ts';
import { sql } from '../../server/kit/db/sql.ts';
import type { Caller } from '../../server/kit/http/routes.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { drawTerm, people, served, settingsOf } from './actors.ts';
import type { Node } from './node.ts';
import { type Account, type Erasing, erasedCalls, type Played, type SendRequest } from './played.ts';
import { everyCall } from './rows.ts';

/** Few enough that a queue takes several pieces. */
const cancelledAtOnce = 2;

/** Deeds of other features as contacts go. */
const runHook = hooksOf([optOutHooks, campaignHooks]);

/** Lets an operator do something at some process. `refusals`: the codes of what they may be told. */
export function actAt(
  { world, complaints }: Played,
  nodes: Node[],
  what: string,
  action: (node: Node) => Promise<unknown>,
  refusals: readonly string[],
): void {
  const node = world.random.pick(nodes);
  world.trace.push(`an operator at ${node.name} ${what}`);
  action(node).catch((error: Error & { code?: string }) => {
    if (!isUnavailable(error) && !refusals.includes(error.code ?? ''))
      complaints.push(`an operator who ${what} was told: ${error.message}`);
  });
}

/** The database as the API sees it, without the walls between workspaces. Deeds go through `transaction`. */
const withoutWalls = (db: Database, transaction: Database['transaction']): ScopedDatabase => ({
  ...db,
  within: () => ({ query: db.query, transaction }),
  listsWithin: () => db,
  readsWithin: () => db,
  eventsWithin: () => db,
  replica: undefined,
});

const noted = async () => {};

/** An erasure that has begun is asked for again so many times at the end. */
const mostRepeats = 20;
/** What an erasure may be answered where somebody is still at something of the person, or another has erased it. */
const erasureRefusals = ['contact_busy', 'contact_outcome_unknown', 'erasure_unfinished', 'contact_not_found'];

export class Operators {
  private repeats = 0;

  constructor(
    private readonly played: Played,
    private readonly nodes: Node[],
    private readonly caller: Caller,
    private readonly erases: boolean,
    /** Called with each person whose erasure began. */
    private readonly onErasing: (person: string) => void,
  ) {}

  /** Does something, whatever it is. */
  async meddle(): Promise<void> {
    const { world, accounts, requests } = this.played;
    const { random } = world;
    const account = random.pick(accounts);
    const done = requests.filter(request => request.id !== undefined);
    const isThere = account.deleted === undefined;
    const action = random.weighted({
      pause: isThere ? 2 : 0,
      resume: isThere ? 2 : 0,
      change: isThere ? 3 : 0,
      purge: isThere ? 0.5 : 0,
      remove: isThere ? 1 : 0,
      resolve: done.length > 0 ? 3 : 0,
      retry: done.length > 0 ? 3 : 0,
      retryAll: 1,
      forget: 1,
      erase: this.erases ? 4 : 0,
    });
    if (action === 'pause') this.pause(account);
    else if (action === 'resume') this.resume(account);
    else if (action === 'change') this.change(account);
    else if (action === 'purge') this.purge(account);
    else if (action === 'remove') this.remove(account);
    else if (action === 'resolve') this.resolve(await this.oneOf(done, ['unknown', 'failed']));
    else if (action === 'retry') this.retry(await this.oneOf(done, ['failed']));
    else if (action === 'forget') this.forget(await this.someone(done));
    else if (action === 'erase') await this.erase(await this.someone(done));
    else this.retryAll(account);
  }

  /** Decides what becomes of what has failed or is unknown, of which there is most when nothing else happens any more. */
  async decideSomething(): Promise<void> {
    const { world, accounts, requests } = this.played;
    const { random } = world;
    const done = requests.filter(request => request.id !== undefined);
    const action = done.length > 0 ? random.pick(['resolve', 'retry', 'retryAll', 'retryAll'] as const) : 'retryAll';
    if (action === 'resolve') this.resolve(await this.oneOf(done, ['unknown']));
    else if (action === 'retry') this.retry(await this.oneOf(done, ['failed']));
    else this.retryAll(random.pick(accounts));
  }

  /** Resumes all that is paused. */
  async letGoOn(): Promise<void> {
    await this.noteDanger();
    for (const account of this.played.accounts) if (account.paused) this.resume(account);
  }

  /** Looks which accounts the engine has paused by itself, as the channel distrusts them. */
  async noteDanger(): Promise<void> {
    const { world, accounts, meta } = this.played;
    if (!meta.hasWarned) return;
    const rows = await world.database.query<{ account_id: string; token: string | null }>(sql`
      select l.account_id, k.token from lane l left join ${everyCall} k on k.account_id = l.account_id
      where l.account_id = any (${accounts.map(({ id }) => toUuid(id))}) and l.held_reason = 'flagged' and l.held_until = 'infinity'`);
    for (const account of accounts) {
      const own = rows.filter(row => row.account_id === toUuid(account.id));
      if (own.length === 0) continue;
      account.endangered = true;
      if (!account.deleted)
        account.paused ??= new Set([...own.flatMap(({ token }) => token ?? []), ...erasedCalls(this.played, account)]);
    }
  }

  private pause(account: Account): void {
    this.act(`pauses ${this.nameOf(account)}`, node => {
      const needs = this.needs(node, account, calls => {
        if (!account.deleted) account.paused = calls;
      });
      return pauseAccount(needs, this.caller, toUuid(account.id), noted);
    });
  }

  private resume(account: Account): void {
    this.act(`resumes ${this.nameOf(account)}`, node => {
      const needs = this.needs(node, account, calls => {
        this.complainOfClaims(account, account.paused, calls, 'paused');
        account.paused = undefined;
      });
      return resumeAccount(needs, this.caller, toUuid(account.id), noted);
    });
  }

  private change(account: Account): void {
    const { random } = this.played.world;
    const last = account.terms.at(-1);
    if (!last) return;
    const { fields, term } = drawTerm(random, last);
    const body: z.infer<typeof updateAccountBody> = settingsOf(term, fields);
    this.act(`changes ${fields.join(', ')} of ${this.nameOf(account)}`, node => {
      const needs = this.needs(node, account, (calls, { afterEvent }) => {
        // Another change may have come between: what this one does not name stays as that has made it.
        const before = account.terms.at(-1) ?? term;
        account.terms.push({
          ...before,
          ...Object.fromEntries(fields.map(field => [field, term[field]])),
          before: calls,
          afterEvent,
        });
      });
      return updateAccount(needs, this.caller, toUuid(account.id), body, noted);
    });
  }

  private purge(account: Account): void {
    account.isPurged = true;
    this.act(`purges ${this.nameOf(account)}`, node =>
      purgeQueue(this.needs(node, account), this.caller, toUuid(account.id), 'cancelled'),
    );
  }

  private remove(account: Account): void {
    account.isPurged = true;
    this.act(`deletes ${this.nameOf(account)}`, node => {
      const needs = this.needs(node, account, (calls, { isDeleted }) => {
        if (!isDeleted || account.deleted) return;
        this.complainOfClaims(account, account.paused, calls, 'paused');
        account.paused = undefined;
        account.deleted = calls;
      });
      return deleteAccount(needs, this.caller, toUuid(account.id), noted);
    });
  }

  /** Deletes a contact. Calls from then on are of a new one with that number. */
  private forget(person: string): void {
    const { world, requests, forgotten } = this.played;
    const { workspaceId } = this.caller;
    for (const request of requests) if (request.body.to === person) request.isCancelAsked = true;
    this.act(`deletes the contact ${person}`, node => {
      const now = world.clockOf(node).sqlNow();
      const deletion = async (tx: Queryable) => {
        const [contact] = await tx.query<{ id: string }>(
          sql`select contact_id as id from contact_address where workspace_id = ${workspaceId} and value = ${person}`,
        );
        if (!contact) return [];
        await lockLanes(tx, workspaceId);
        await runHook('contact.deleted', tx, { workspaceId, contactIds: [contact.id] });
        await deleteContact(tx, workspaceId, contact.id);
        await cancelWaiting(tx, workspaceId, { contactId: contact.id }, { reason: 'contact_deleted' }, now);
        return tx.query<{ id: string; token: string | null }>(sql`
          select m.id, k.token from message m left join ${everyCall} k on k.message_id = m.id where m.contact_id = ${contact.id}`);
      };
      return world.committed(node, 'delete a contact', deletion, rows =>
        forgotten.push({
          person,
          messages: new Set(rows.map(({ id }) => id)),
          calls: new Set(rows.flatMap(({ token }) => token ?? [])),
        }),
      );
    });
  }

  /** Erases one of the contacts that this person is or was, if there is any. */
  private async erase(person: string): Promise<void> {
    const { world, requests, erasures } = this.played;
    const contacts = await world.database.query<{ id: string }>(sql`
      select c.id from contact c where c.workspace_id = ${this.caller.workspaceId}
        and (exists (select 1 from contact_address x where x.contact_id = c.id and x.value = ${person})
          or exists (select 1 from message m join conversation v on v.id = m.conversation_id where v.contact_id = c.id and m.address = ${person}))
      order by c.created_at, c.deleted_at`);
    if (contacts.length === 0) return;
    for (const request of requests) if (request.body.to === person) request.isCancelAsked = true;
    const { id } = world.random.pick(contacts);
    const erasing = erasures.get(id) ?? { person, messages: new Set(), calls: new Map(), received: new Set() };
    erasures.set(id, erasing);
    this.eraseNow(id, erasing, world.random.chance(0.6));
  }

  /**
   * Asks again for what has begun and not ended, and decides what that waits for. Gives whether there is any such, and it has
   * not been asked too often.
   */
  async eraseOn(): Promise<boolean> {
    const { world, erasures } = this.played;
    if (erasures.size === 0 || this.repeats === mostRepeats) return false;
    const begun = await world.database.query<{ id: string; undecided: string[] }>(sql`
      select e.contact_id as id, array(select m.id from message m join conversation v on v.id = m.conversation_id
        where v.contact_id = any (e.contacts) and m.status = 'unknown' order by m.seq) as undecided
      from erasure e where e.contact_id = any (${[...erasures.keys()]}::uuid[]) and e.erased_at is null order by e.begun_at, e.id`);
    for (const { id, undecided } of begun) {
      const erasing = erasures.get(id);
      for (const message of undecided)
        this.act('says of a message that keeps an erasure up: it was sent', async node => {
          const now = world.clockOf(node).sqlNow();
          const { workspaceId, id: who } = this.caller;
          const work = (tx: Queryable) => resolveUnknown(tx, workspaceId, message, 'sent', who, now);
          await world.committed(node, 'decide', work, () => {});
        });
      if (erasing && undecided.length === 0) this.eraseNow(id, erasing);
    }
    if (begun.length > 0) this.repeats++;
    return begun.length > 0;
  }

  private eraseNow(contactId: string, erasing: Erasing, tells = false): void {
    const { world } = this.played;
    let isTold = !tells;
    this.act(`erases ${erasing.person}`, async node => {
      const db = world.databaseOf(node);
      const clock = world.clockOf(node);
      const seen = (tx: Queryable) =>
        tx.query<{ id: string; account: string; received: string | null; token: string | null }>(sql`
          select m.id, m.account_id as account, case when m.direction = 'inbound' then m.channel_message_id end as received, k.token
          from erasure e join conversation v on v.contact_id = any (e.contacts) join message m on m.conversation_id = v.id
          left join ${everyCall} k on k.message_id = m.id where e.contact_id = ${contactId}`);
      const transaction = async <Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result> => {
        const piece = async (tx: Queryable) => ({ rows: await seen(tx), result: await work(tx) });
        const { result } = await world.committed(node, 'erase', piece, ({ rows }) => {
          for (const { id, account, received, token } of rows) {
            erasing.messages.add(id);
            if (received !== null) erasing.received.add(received);
            if (token !== null) erasing.calls.set(token, { account, at: world.elapsedMs });
          }
        });
        if (!isTold) this.onErasing(erasing.person);
        isTold = true;
        return result;
      };
      const needs = {
        db: withoutWalls(db, transaction),
        engineDb: {
          ...db,
          transaction: <Result>(work: (tx: Queryable) => Promise<Result>) =>
            world.committed(node, 'erase', work, () => {}),
        },
        clock,
        apps: [served],
        budgetMs: undefined,
        runHook,
      };
      const { workspaceId } = this.caller;
      const actor = {
        workspaceId,
        kind: 'person',
        id: this.caller.id,
        address: undefined,
        requestId: undefined,
      } as const;
      const outcome = await eraseContact(needs, this.caller, actor, contactId).then(
        receipt => (receipt ? 'erased' : 'without a receipt'),
        (error: Error & { code?: string }) => {
          if (!erasureRefusals.includes(error.code ?? '')) throw error;
          return error.code;
        },
      );
      world.trace.push(`${erasing.person}: ${outcome}`);
      if (outcome === 'erased') this.played.meta.repeat(erasing.received);
    });
  }

  private resolve(request: SendRequest): void {
    const resolution = this.played.world.random.pick(['sent', 'failed', 'retry'] as const);
    this.decide(request, `resolves it as ${resolution}`, (tx, id, now) =>
      resolveUnknown(tx, this.caller.workspaceId, id, resolution, this.caller.id, now),
    );
  }

  private retry(request: SendRequest): void {
    request.isRetriedByName = true;
    this.decide(request, 'sends it again', async (tx, id, now) => {
      const outcome = await requeueFailed(tx, this.caller.workspaceId, id, this.caller.id, now);
      return typeof outcome === 'string' ? outcome : outcome.code;
    });
  }

  private retryAll(account: Account): void {
    const { world } = this.played;
    this.act(`sends again what failed of ${this.nameOf(account)}`, async node => {
      const filter = { accountId: toUuid(account.id) };
      const now = world.clockOf(node).sqlNow();
      const work = (tx: Queryable) => requeueAll(tx, this.caller.workspaceId, filter, this.caller.id, now, 3);
      const moved = await world.committed(node, 'decide', work, () => {});
      for (const id of moved.accounts) node.engine.wake('send', id);
    });
  }

  private decide(
    request: SendRequest,
    what: string,
    work: (tx: Queryable, id: string, now: Date | null) => Promise<string>,
  ): void {
    const { world, requests } = this.played;
    this.act(`says of message ${requests.indexOf(request)}: ${what}`, async node => {
      const id = toUuid(request.id ?? '');
      const decision = (tx: Queryable) => work(tx, id, world.clockOf(node).sqlNow());
      const outcome = await world.committed(node, 'decide', decision, () => {});
      world.trace.push(`message ${requests.indexOf(request)}: ${outcome}`);
      node.engine.wake('send', toUuid(request.account.id));
    });
  }

  /** A person, best one who is being called for one of these. */
  private async someone(requests: SendRequest[]): Promise<string> {
    const { random } = this.played.world;
    if (requests.length === 0 || random.chance(0.4)) return random.pick(people);
    return (await this.oneOf(requests, ['sending'])).body.to ?? '';
  }

  /** One of these that has such a status, if any has; else any. */
  private async oneOf(requests: SendRequest[], statuses: string[]): Promise<SendRequest> {
    const { world } = this.played;
    const rows = await world.database.query<{ id: string }>(
      sql`select id from message where id = any (${requests.map(({ id }) => toUuid(id ?? ''))}::uuid[]) and status = any (${statuses}) order by id`,
    );
    const fitting = requests.filter(request =>
      rows.some(({ id }) => request.id !== undefined && toUuid(request.id) === id),
    );
    return world.random.pick(fitting.length > 0 ? fitting : requests);
  }

  /** What the routes hand to the deeds. `known` hears which calls had been claimed when it was committed, if it was. */
  private needs(
    node: Node,
    account: Account,
    known: (calls: ReadonlySet<string>, state: { isDeleted: boolean; afterEvent: number }) => void = () => {},
  ): AccountNeeds {
    const { world } = this.played;
    const clock = world.clockOf(node);
    const db = world.databaseOf(node);
    const transaction = async <Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result> => {
      // The deed has locked the lane by then, so no claim is under way: each is before it, or after it.
      const looked = async (tx: Queryable) => {
        const result = await work(tx);
        const rows = await tx.query<{ token: string | null; deleted: boolean; event: number }>(sql`
          select k.token, a.deleted_at is not null as deleted, (select coalesce(max(id), 0) from logged_event) as event from account a left join ${everyCall} k on k.account_id = a.id
          where a.id = ${toUuid(account.id)}`);
        return { result, rows };
      };
      const { result } = await world.committed(node, 'change an account', looked, ({ rows }) =>
        known(new Set([...rows.flatMap(({ token }) => token ?? []), ...erasedCalls(this.played, account)]), {
          isDeleted: rows.some(({ deleted }) => deleted),
          afterEvent: rows[0]?.event ?? 0,
        }),
      );
      return result;
    };
    return {
      db: withoutWalls(db, transaction),
      clock,
      absenceOf: () => undefined,
      runHook: async () => {},
      wake: node.engine.wake,
      cancelledAtOnce,
    };
  }

  private act(what: string, action: (node: Node) => Promise<unknown>): void {
    // Deleted meanwhile.
    actAt(this.played, this.nodes, what, action, ['account_not_found']);
  }

  private complainOfClaims(
    account: Account,
    before: ReadonlySet<string> | undefined,
    calls: ReadonlySet<string>,
    state: string,
  ): void {
    if (before && [...calls].some(call => !before.has(call)))
      this.played.complaints.push(`${this.nameOf(account)} was ${state}, and a call was claimed`);
  }

  private nameOf(account: Account): string {
    return `account ${this.played.accounts.indexOf(account)}`;
  }
}
