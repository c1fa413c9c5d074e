import { rolePermissions } from '@recado/contract';
import { createAccount } from '../../server/features/accounts/index.ts';
import { insertPayloads } from '../../server/features/messages/inbound-store.ts';
import { acceptMessages, cancelWaiting, receiveLane, sendLane } from '../../server/features/messages/index.ts';
import { waitingOf } from '../../server/features/messages/store.ts';
import { isUnavailable } from '../../server/kit/db.ts';
import type { Caller } from '../../server/kit/http.ts';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { openLog } from '../../server/kit/log.ts';
import { createMetrics } from '../../server/kit/metrics.ts';
import { sql } from '../../server/kit/sql.ts';
import { createEngine, type Engine } from '../../server/lanes/engine.ts';
import { startSweeper } from '../../server/lanes/sweeper.ts';
import { type Random, randomFrom } from '../faults/random.ts';
import { kindManners, Meta } from './meta.ts';
import type { Account, Played, Wish } from './played.ts';
import { atRest, openWork } from './promises.ts';
import type { Stage } from './stage.ts';
import { noDangers, type Process, World } from './world.ts';

interface Node extends Process {
  engine: Engine;
  accept: ReturnType<typeof acceptMessages>['accept'];
}

const metrics = createMetrics();
const served = 'sandbox';
const people = ['+33612000001', '+33612000002', '+33612000003'];
const mostTurns = 4_000;

/** Plays a seed. Nothing of it is left running afterwards. */
export async function playSeed(seed: number, stage: Stage): Promise<Played> {
  const random = randomFrom(seed);
  const world = new World(random, stage.clients, stage.nextStart());
  const meta = new Meta(world);
  const complaints: string[] = [];
  // Some schedules are about a process that stands still with a call in its hands, and speaks up when its lease is over.
  const halting = random.chance(0.1);
  // Calm schedules have no sweeper, so that only words and timers keep work going: nothing may go
  // wrong in them, nor be put off.
  const calm = !halting && random.chance(0.2);
  const accounts = await makeAccounts(random, world, stage, calm, halting);
  const wishes = Array.from({ length: halting ? 6 : random.whole(2, 6) }, () =>
    drawWish(random, accounts, calm, world.now()),
  );
  const played: Played = { seed, world, meta, accounts, wishes, clockSet: false, complaints };

  const hints: { kind: string; key: string }[] = [];
  const nodes: Node[] = [];
  let born = 0;
  const start = () => nodes.push(startNode(`process ${++born}`, { world, meta, complaints, hints, sweeps: !calm }));
  start();
  if (!calm) start();
  world.onDeath = process => {
    nodes.splice(nodes.indexOf(process as Node), 1);
    for (const wish of wishes) if (wish.at === process) wish.at = undefined;
    if (nodes.length === 0 || random.chance(0.7)) start();
  };
  let wild = true;
  if (halting) {
    let halts = random.whole(1, 3);
    world.onResult = (process, label, result) => {
      // Between its claim and its call, or between the call and the record of it.
      const claimed = label === 'claim_messages' && hasMessages(result);
      if (!wild || halts === 0 || !(claimed || label === 'hears not_sent')) return;
      if (nodes.length < 2 || !nodes.every(world.runs) || random.chance(claimed ? 0.7 : 0.2)) return;
      halts--;
      // Longer than its lease: meanwhile the other gives the call up, makes it again, and hears well of it.
      world.stop(process, random.pick([40_000, 90_000, 90_000, 150_000]));
      meta.manners = kindManners;
    };
  }

  world.dangers = { ...noDangers, overlap: 0.7 };
  // A receipt wakes its lane too, and would hide a word that was lost.
  if (calm) meta.receiptsLost = random.pick([0, 1]);
  else {
    const harsh = random.pick(halting ? [0, 0, 0.5] : [0, 0.5, 1, 2]);
    world.dangers = { crash: 0.02 * harsh, cut: 0.02 * harsh, overlap: 0.15 };
    meta.manners = {
      accepted: 6,
      answerLost: harsh,
      neverArrives: 0.4 * harsh,
      notSent: 0.5 * harsh,
      throttled: 0.3 * harsh,
      recipientThrottled: 0.3 * harsh,
      rejected: 0.3,
      account: 0.05 * harsh,
    };
    if (halting) meta.manners = { ...kindManners, notSent: 1 };
    meta.receiptsLost = 0.1;
    meta.withoutEcho = 0.15;
  }
  const client = new Client(world, nodes, wishes, complaints, {
    kind: 'person',
    id: newUuid(),
    workspaceId: stage.workspaceId,
    accounts: undefined,
    role: 'owner',
    sessionId: undefined,
    permissions: rolePermissions.owner,
  });
  let extras = calm ? 0 : random.whole(0, 6);
  let quietTurns = 0;
  for (let turn = 0; turn < mostTurns; turn++) {
    await world.settled();
    const open = meta.posts.filter(post => post.copies > 0);
    const wanted = wishes.filter(wish => wish.at === undefined && wish.id === undefined && wish.refused === undefined);
    if (wild && turn > (halting ? 250 : 150)) {
      // From here on nothing new goes wrong, so that everything can come to rest.
      wild = false;
      world.dangers = noDangers;
      meta.manners = kindManners;
      while (nodes.length < (calm ? 1 : 2)) start();
    }
    const busy = world.pending > 0 || open.length > 0 || wanted.length > 0 || hints.length > 0;
    const asked = wishes.some(wish => wish.at !== undefined);
    if (!busy && !asked && world.idle && !wild && (await atRest(world, played))) return played;
    const choice = random.weighted({
      step: world.pending > 0 ? 8 : 0,
      send: wanted.length > 0 ? (halting ? 0.3 : 1) : 0,
      post: open.length > 0 ? (halting && wild ? 0.15 : 1) : 0,
      hint: hints.length > 0 ? 2 : 0,
      extra: extras > 0 && wild ? 0.5 : 0,
      time: busy ? (calm ? 0 : 0.4) : 3,
    });
    if (choice === 'step') await world.doStep();
    else if (choice === 'send') client.send(random.pick(wanted));
    else if (choice === 'post') deliver(world, nodes, open, wild);
    else if (choice === 'hint') carry(random, nodes, hints, calm);
    else if (choice === 'extra') {
      extras--;
      await somethingElse(random, played, client, nodes, halting);
    } else {
      world.pass(timeToPass(random, world, { busy, calm, waits: halting && !nodes.every(world.runs), quietTurns }));
      if (!busy && !wild && ++quietTurns > 400) break;
    }
  }
  complaints.push(`it did not come to rest: ${await openWork(world, played)}`);
  return played;
}

/** Whether a claim gave anything to call for. */
const hasMessages = (result: unknown): boolean =>
  (result as { message_id: string | null }[]).some(row => row.message_id !== null);

/** Without a sweeper only the timers that lanes have set may be relied upon. */
function timeToPass(
  random: Random,
  world: World,
  { busy, calm, waits, quietTurns }: { busy: boolean; calm: boolean; waits: boolean; quietTurns: number },
): number {
  // While a process stands still, the others need their time in pieces: they sweep and call meanwhile.
  if (waits) return random.pick([100, 1_000, 5_000]);
  const next = world.untilNextTimer;
  if (busy || calm) return next ?? random.whole(1, 1_000);
  return Math.max(next ?? 0, random.pick([0, 1_000, 10_000, 60_000, ...(quietTurns > 15 ? [3 * 3_600_000] : [])]));
}

async function makeAccounts(
  random: Random,
  world: World,
  stage: Stage,
  calm: boolean,
  halting: boolean,
): Promise<Account[]> {
  const accounts: Account[] = [];
  for (let place = calm || halting ? 1 : random.whole(1, 2); place > 0; place--) {
    const rate = halting
      ? random.pick([
          { messages: 1, seconds: 20 },
          { messages: 4, seconds: 1 },
        ])
      : { messages: calm && random.chance(0.5) ? 1 : random.whole(1, 4), seconds: random.pick([1, 5, 20]) };
    const recipient = !calm && random.chance(0.3) ? { burst: random.whole(1, 2), seconds: random.pick([2, 6]) } : null;
    const perDay = random.chance(0.2) ? random.whole(2, 4) : null;
    const onUnknown = halting ? 'retry' : random.weighted({ hold: 3, retry: 1, fail: 1 });
    const uuid = await createAccount(world.database, stage.workspaceId, {
      name: `Account of ${place}`,
      channel: served,
      limits: {
        rate,
        recipient,
        per_day: perDay,
        jitter_ms: random.chance(0.2) ? 500 : 0,
        concurrency: calm ? 4 : random.whole(1, 4),
        on_limit: random.pick(['hold', 'refuse'] as const),
      },
      delivery: {
        on_unknown: onUnknown,
        unknown_window_seconds: halting ? 10 : random.pick([10, 60]),
        retry: { attempts: 3, delay_ms: 2_000 },
      },
    });
    const [row] = await world.database.query<{ phone_number_id: string }>(
      sql`select phone_number_id from account where id = ${uuid}`,
    );
    accounts.push({
      id: toId('account', uuid),
      numberId: row?.phone_number_id ?? '',
      rate,
      recipient,
      perDay,
      onUnknown,
    });
  }
  return accounts;
}

let keys = 0;

function drawWish(random: Random, accounts: Account[], calm: boolean, now: number): Wish {
  const account = random.pick(accounts);
  const onUnknown = random.chance(0.2) ? random.pick(['hold', 'retry', 'fail'] as const) : undefined;
  return {
    key: `key ${++keys} ${newUuid()}`,
    account,
    body: {
      account_id: account.id,
      to: random.pick(people),
      type: 'text',
      text: { body: 'hello' },
      priority: random.weighted({ high: 1, normal: 3, low: 1 }),
      ...(onUnknown && { on_unknown: onUnknown }),
      ...(!calm && random.chance(0.1) && { send_at: new Date(now + random.whole(1, 120) * 1_000).toISOString() }),
      ...(!calm && random.chance(0.15) && { valid_for_s: random.whole(10, 120) }),
    },
    onUnknown: onUnknown ?? account.onUnknown,
    id: undefined,
    refused: undefined,
    at: undefined,
    cancelled: false,
  };
}

function startNode(
  name: string,
  {
    world,
    meta,
    complaints,
    hints,
    sweeps,
  }: { world: World; meta: Meta; complaints: string[]; hints: { kind: string; key: string }[]; sweeps: boolean },
): Node {
  const process: Process = { name, alive: true, stoppedUntil: 0 };
  world.trace.push(`${name} starts`);
  const db = world.databaseOf(process);
  const clock = world.clockOf(process);
  const channel = meta.channelOf(process);
  const log = openLog('silent');
  // A job or a run that fails for another reason than the faults of the world is a defect.
  log.error = ((fields: { err?: Error }, text: string) => {
    if (fields.err && !isUnavailable(fields.err)) complaints.push(`${name} reports: ${text}: ${fields.err?.message}`);
  }) as typeof log.error;
  const wake = (kind: string, key: string) => engine.wake(kind, key);
  const kinds = [
    sendLane({
      db,
      clock,
      log,
      metrics,
      channels: { [served]: channel },
      runner: name,
      deadlineMs: 15_000,
      aheadMs: 150,
      holdsBack: () => false,
      random: () => world.random.next(),
    }),
    receiveLane({ db, clock, log, metrics, apps: { [served]: { channel, name: served } }, wake }),
  ];
  const engine = createEngine({
    kinds,
    hints: {
      add: (kind, key) => void (process.alive && hints.push({ kind, key })),
      listen: () => {},
      close: async () => {},
    },
    clock,
    log,
    works: true,
    metrics,
    maxLanes: 2,
    sliceMs: 1_000,
    jobDeadlineMs: 180_000,
  });
  const { accept } = acceptMessages({
    db,
    clock,
    channels: { [served]: channel },
    wake,
    metrics,
    // Texts carry no files.
    cannotFit: async () => undefined,
  });
  if (sweeps) {
    // Its lock only spares work: without it, sweeps of two processes run into each other.
    const unlocked = {
      ...db,
      transaction: <R>(work: (tx: typeof db) => Promise<R>) =>
        work({
          ...db,
          query: <Row extends object>(fragment: Parameters<typeof db.query>[0]) =>
            fragment.texts[0]?.includes('pg_try_advisory')
              ? Promise.resolve([{ mine: true }] as unknown as Row[])
              : db.query<Row>(fragment),
        }),
    };
    startSweeper({ db: unlocked as typeof db, kinds, wake, beat: async () => {}, chores: [], clock, log });
  }
  return Object.assign(process, { engine, accept });
}

class Client {
  constructor(
    private readonly world: World,
    private readonly nodes: Node[],
    private readonly wishes: Wish[],
    private readonly complaints: string[],
    readonly caller: Caller,
  ) {}

  /** Sends a request, again under the same key where an earlier one was not answered. */
  send(wish: Wish): void {
    const node = this.world.random.pick(this.nodes);
    this.world.trace.push(`a client asks ${node.name} for message ${this.wishes.indexOf(wish)}`);
    wish.at = node;
    node.accept(this.caller, wish.body, wish.key).then(
      message => {
        wish.at = undefined;
        if (wish.id !== undefined && wish.id !== message.id)
          this.complaints.push(`one key gave ${wish.id} and ${message.id}`);
        wish.id = message.id;
        this.world.trace.push(`message ${this.wishes.indexOf(wish)} is accepted`);
      },
      (error: Error & { code?: string }) => {
        wish.at = undefined;
        if (isUnavailable(error)) return;
        wish.refused = error.code ?? error.message;
        this.world.trace.push(`message ${this.wishes.indexOf(wish)} is refused: ${wish.refused}`);
        if (wish.id !== undefined) this.complaints.push(`an accepted key was refused: ${error.message}`);
      },
    );
  }
}

/** Hands a post to a process; it counts as taken once that has stored it. */
function deliver(world: World, nodes: Node[], open: Meta['posts'], wild: boolean): void {
  const post = world.random.pick(open);
  // Some receipts come late.
  if (wild && world.random.chance(0.3)) return;
  const node = world.random.pick(nodes);
  const db = world.databaseOf(node);
  const taken = async () => {
    const [row] = await db.query<{ id: string }>(sql`select id from account where phone_number_id = ${post.number}`);
    await insertPayloads(
      db,
      [{ app: served, laneKey: row?.id ?? '', body: Buffer.from(post.body) }],
      world.clockOf(node).sqlNow(),
    );
    post.taken = true;
    post.copies--;
    node.engine.wake('receive', row?.id ?? '');
  };
  // Where the process dies or cannot store it, it is posted again.
  taken().catch(error => {
    if (!isUnavailable(error)) throw error;
  });
}

/** A hint may be lost, or come twice, where a sweeper makes good for it. */
function carry(random: Random, nodes: Node[], hints: { kind: string; key: string }[], calm: boolean): void {
  const [hint] = hints.splice(random.whole(0, hints.length - 1), 1);
  if (!hint) return;
  const times = calm ? 1 : Number(random.weighted({ 0: 1, 1: 3, 2: 1 }));
  for (let time = 0; time < times; time++) void random.pick(nodes).engine.run(hint.kind, hint.key);
}

async function somethingElse(
  random: Random,
  played: Played,
  client: Client,
  nodes: Node[],
  halting: boolean,
): Promise<void> {
  const { world, wishes, meta, accounts } = played;
  const done = wishes.filter(wish => wish.id !== undefined);
  const choice = random.weighted({
    again: done.length > 0 ? 1 : 0,
    cancel: done.length > 0 ? 1 : 0,
    write: 1,
    clock: 0.3,
    ask: done.length > 0 ? 1 : 0,
    kill: world.dangers.crash > 0 ? 1 : 0,
    stop: halting ? 0 : 1,
  });
  if (choice === 'again') client.send(random.pick(done));
  else if (choice === 'write') meta.write(random.pick(accounts).numberId, random.pick(people));
  else if (choice === 'kill') world.kill(random.pick(nodes));
  else if (choice === 'stop') world.stop(random.pick(nodes), random.pick([5_000, 40_000, 120_000]));
  else if (choice === 'clock') {
    played.clockSet = true;
    world.setClock(random.pick([-5_000, 5_000, 3_600_000]));
  } else if (choice === 'cancel') {
    const wish = random.pick(done);
    const node = random.pick(nodes);
    const db = world.databaseOf(node);
    const { workspaceId } = client.caller;
    world.trace.push(`message ${wishes.indexOf(wish)} is to be cancelled`);
    db.transaction(tx =>
      cancelWaiting(tx, workspaceId, { messageId: toUuid(wish.id ?? '') }, 'cancelled', world.clockOf(node).sqlNow()),
    ).then(
      moved => {
        if (moved.messages > 0) wish.cancelled = true;
      },
      error => {
        if (!isUnavailable(error)) throw error;
      },
    );
  } else {
    const wish = random.pick(done);
    const [row] = await world.database.query<{ status: string }>(
      sql`select status from message where id = ${toUuid(wish.id ?? '')}`,
    );
    const why = await waitingOf(world.database, toUuid(wish.id ?? ''), new Date(world.now()));
    if (['scheduled', 'queued', 'unknown'].includes(row?.status ?? '') && !why?.reason)
      played.complaints.push(`message ${wishes.indexOf(wish)} waits as ${row?.status} and does not say why`);
  }
}
