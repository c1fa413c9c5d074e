// What comes to the processes from outside: requests of clients, posts of the channel, and wake-ups.
import { insertPayloads } from '../../server/features/inbound/inbound-store.ts';
import { cancelWaiting } from '../../server/features/queue/index.ts';
import { isUnavailable, type Queryable } from '../../server/kit/db/database.ts';
import { sql } from '../../server/kit/db/sql.ts';
import type { Caller } from '../../server/kit/http/routes.ts';
import { toUuid } from '../../server/kit/ids.ts';
import type { Random } from '../faults/random.ts';
import { served } from './actors.ts';
import type { Meta } from './meta.ts';
import type { Node } from './node.ts';
import type { Played, SendRequest } from './played.ts';
import { queryOf } from './statements.ts';
import type { World } from './world.ts';

/** The status of a message, in the words of its row. */
async function statusOf(db: Queryable, request: SendRequest): Promise<string | undefined> {
  const [row] = await db.query<{ status: string }>(
    sql`select status from message where id = ${toUuid(request.id ?? '')}`,
  );
  return row?.status;
}

export class Client {
  constructor(
    private readonly played: Played,
    private readonly nodes: Node[],
    private readonly caller: Caller,
    /** Is told of each message whose acceptance was heard of. */
    private readonly onAccepted: (request: SendRequest) => void,
  ) {}

  /** Sends a request, again under the same key where an earlier one was not answered. */
  send(request: SendRequest): void {
    const { world, requests, complaints, erasures } = this.played;
    const node = world.random.pick(this.nodes);
    world.trace.push(`a client asks ${node.name} for message ${requests.indexOf(request)}`);
    request.at = node;
    node.accept(this.caller, request.body, request.key).then(
      ({ message }) => {
        request.at = undefined;
        if (request.id !== undefined && request.id !== message.id)
          complaints.push(`one key gave ${request.id} and ${message.id}`);
        request.id = message.id;
        world.trace.push(`message ${requests.indexOf(request)} is accepted`);
        this.onAccepted(request);
      },
      (error: Error & { code?: string }) => {
        request.at = undefined;
        if (isUnavailable(error)) return;
        request.refused = error.code ?? error.message;
        world.trace.push(`message ${requests.indexOf(request)} is refused: ${request.refused}`);
        const isErased = [...erasures.values()].some(({ person }) => person === request.body.to);
        if (request.id !== undefined && !isErased) complaints.push(`an accepted key was refused: ${error.message}`);
      },
    );
  }

  /** Asks to cancel a message. */
  cancel(request: SendRequest): void {
    const { world, requests, cancels } = this.played;
    const node = world.random.pick(this.nodes);
    world.trace.push(`message ${requests.indexOf(request)} is to be cancelled`);
    const cancel = async (tx: Queryable) => {
      const before = await statusOf(tx, request);
      const filter = { messageId: toUuid(request.id ?? '') };
      const now = world.clockOf(node).sqlNow();
      const moved = await cancelWaiting(tx, this.caller.workspaceId, filter, { reason: 'cancelled' }, now);
      return { moved, before, after: await statusOf(tx, request) };
    };
    request.isCancelAsked = true;
    const known = ({ moved, before, after }: Awaited<ReturnType<typeof cancel>>) => {
      if (moved.messages > 0) request.cancelled = true;
      if (before === 'sending') cancels.ofSending++;
      else if (before === 'queued' && after === 'sending') cancels.lostToClaim++;
    };
    world.committed(node, 'cancel', cancel, known).catch(error => {
      if (!isUnavailable(error)) throw error;
    });
  }
}

/** Hands a post to a process, or a few in one body; they count as taken once that has stored them. */
export function deliver(world: World, nodes: Node[], open: Meta['posts'], wild: boolean): void {
  const { random } = world;
  const first = random.pick(open);
  // Some receipts come late.
  if (wild && random.chance(0.3)) return;
  const posts = [
    first,
    ...(random.chance(0.3) ? Array.from({ length: random.whole(1, 4) }, () => random.pick(open)) : []),
  ];
  const node = random.pick(nodes);
  const db = world.databaseOf(node);
  const body = JSON.stringify(posts.map(({ item }) => item));
  const taken = async () => {
    // By the first of its numbers, as the route does.
    const [row] = await db.query<{ id: string }>(sql`select id from account where phone_number_id = ${first.number}`);
    const payload = { app: served, laneKey: row?.id ?? '', headers: {}, body: Buffer.from(body) };
    const now = world.clockOf(node).sqlNow();
    // A step of its own, so that what is stored is known also where nobody hears of it.
    await world.step(node, 'database', 'insert into inbound_payload (app, lane_k', async client => {
      await insertPayloads(queryOf(client), [payload], now);
      for (const post of posts) post.stored = true;
    });
    for (const post of new Set(posts)) {
      post.taken = true;
      post.copies--;
    }
    node.engine.wake('receive', row?.id ?? '');
  };
  // Where the process dies or cannot store it, it is posted again.
  taken().catch(error => {
    if (!isUnavailable(error)) throw error;
  });
}

/** A wake-up may be lost or doubled while a sweeper runs. */
export function deliverWakeup(
  random: Random,
  nodes: Node[],
  wakeups: { kind: string; key: string }[],
  calm: boolean,
): void {
  const [wakeup] = wakeups.splice(random.whole(0, wakeups.length - 1), 1);
  if (!wakeup) return;
  const times = calm ? 1 : Number(random.weighted({ 0: 1, 1: 3, 2: 1 }));
  for (let time = 0; time < times; time++) void random.pick(nodes).engine.run(wakeup.kind, wakeup.key);
}
