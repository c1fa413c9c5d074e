// What messages say of their waiting (A9), held against what the world knows.
import { waitingOf } from '../../server/features/messages/waiting-store.ts';
import { sql } from '../../server/kit/db/sql.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { served } from './actors.ts';
import type { Node } from './node.ts';
import type { Played, SendRequest } from './played.ts';
import { unknownHoldsMs } from './promises/order.ts';

interface Stored {
  id: string;
  account_id: string;
  conversation_id: string;
  status: string;
  due_at: Date;
  /** Attempts of it that were proven not to have been sent. */
  not_sent: number;
  silent: boolean;
  held: boolean;
  head: boolean;
  window_open: boolean;
  /** Since when its outcome is unknown, if it ever was. */
  unknown_since: Date | null;
  /** Calls of its account of which no end is known. */
  open_calls: number;
  /** Those whose end is known. */
  ended_calls: number;
}

type Waiting = NonNullable<Awaited<ReturnType<typeof waitingOf>>>;

/** Why each message waits that does. */
export class Waits {
  /** Messages behind nobody when last looked at: when each was queued, and since when each stands there. */
  private behindNobody = new Map<SendRequest, { due: number; ended: number; since: number }>();

  /** Since when restricted messages are seen that are not held. */
  private restrictedHeads = new Map<SendRequest, number>();

  constructor(private readonly played: Played) {}

  /**
   * Asks every message that waits, and complains of what cannot be. `isQuiet`: no other work is left, so
   * a message in line is behind another one, or leaves with the next sweep.
   */
  async ask(nodes: Node[], isQuiet: boolean): Promise<void> {
    const { world, requests, complaints } = this.played;
    const messages = await this.messages();
    await this.showWorkers(nodes);
    const behindNobody: typeof this.behindNobody = new Map();
    for (const message of messages) {
      const request = requests.find(({ id }) => id !== undefined && toUuid(id) === message.id);
      if (!request || !['scheduled', 'queued', 'unknown'].includes(message.status)) continue;
      const waiting = await waitingOf(world.database, message.id, false, new Date(world.now()));
      const wrong = waiting ? this.wrongOf(request, message, waiting, messages, nodes) : 'does not say why';
      if (wrong) complaints.push(`message ${requests.indexOf(request)} waits as ${message.status} and ${wrong}`);
      if (isQuiet && waiting?.reason === 'restricted' && !message.held) this.complainOfHead(request, message);
      const isAtWork = messages.some(other => other.account_id === message.account_id && other.silent);
      if (!isQuiet || waiting?.reason !== 'next' || isAtWork) continue;
      const before = this.behindNobody.get(request);
      const due = message.due_at.getTime();
      const ended = message.ended_calls;
      // Called meanwhile and queued again, it has only just come back; and where another was, it stood behind that.
      const since = before?.due === due && before.ended === ended ? before.since : world.elapsedMs;
      if (world.elapsedMs - since > 3_000)
        complaints.push(`message ${requests.indexOf(request)} stands in line behind nobody`);
      behindNobody.set(request, { due, ended, since });
    }
    if (isQuiet) this.behindNobody = behindNobody;
  }

  /** A restricted message is held by the next claim: as a head it would keep others of its conversation back. */
  private complainOfHead(request: SendRequest, { head, due_at: dueAt }: Stored): void {
    const { world, requests, complaints } = this.played;
    const since = Math.min(this.restrictedHeads.get(request) ?? world.elapsedMs, world.elapsedMs);
    this.restrictedHeads.set(request, since);
    if (head && dueAt.getTime() <= world.now() - 60_000 && world.elapsedMs - since > 60_000)
      complaints.push(`message ${requests.indexOf(request)} is restricted and holds up its conversation`);
  }

  /** All that was accepted, of which some clients may not have heard yet. */
  private async messages(): Promise<Stored[]> {
    const { world, accounts } = this.played;
    return world.database.query<Stored>(sql`
      select m.id, m.account_id, m.conversation_id, m.status, coalesce(o.ready_at, m.created_at) as due_at,
        (select count(*)::int from attempt a where a.message_id = m.id and a.status = 'not_sent') as not_sent,
        o.state is not distinct from 'sending' as silent, o.state is not distinct from 'held' as held, o.head is true as head,
        window_open(v.last_received_at, v.last_called_at, ${new Date(world.now())}) as window_open,
        (select max(e.at) from events_of(array[m.id]) e where e.type = 'message.unknown') as unknown_since,
        (select count(*)::int from open_message a where a.account_id = m.account_id and a.state = 'sending') as open_calls,
        (select count(*)::int from attempt a where a.account_id = m.account_id and a.ended_at is not null) as ended_calls
      from message m join conversation v on v.id = m.conversation_id left join open_message o on o.id = m.id
      where m.account_id = any (${accounts.map(({ id }) => toUuid(id))}) and m.direction = 'outbound'`);
  }

  /** Signs of life are real time, and a schedule takes as long as the machine likes: they are given now. */
  private async showWorkers(nodes: Node[]): Promise<void> {
    const { world } = this.played;
    const alive = nodes.filter(world.runs).length;
    await world.database.query(sql`delete from worker`);
    await world.database.query(sql`insert into worker (id, kinds, routes)
      select gen_random_uuid(), '{send,receive}', ${[served]}::text[] from generate_series(1, ${alive}::int)`);
  }

  private wrongOf(
    request: SendRequest,
    message: Stored,
    { reason, until }: Waiting,
    messages: Stored[],
    nodes: Node[],
  ): string | undefined {
    const { world, meta, clockSet } = this.played;
    const { status, not_sent: notSent } = message;
    const { terms, paused } = request.account;
    const longest = Math.max(...terms.map(({ rate }) => rate.seconds));
    const now = world.now();
    if (until && until.getTime() < now) return `says until a moment that has passed: ${reason}`;
    const isOpen = ({ status: other, unknown_since: since, held: isHeld }: Stored) =>
      other === 'unknown'
        ? clockSet || (since !== null && now < since.getTime() + unknownHoldsMs)
        : ['queued', 'sending', 'scheduled'].includes(other) && !isHeld;
    const others = messages.filter(other => other !== message && other.conversation_id === message.conversation_id);
    const heard = (manner: string) =>
      world.trace.some(line => line.endsWith(`: ${manner}`) || line.includes(`hears ${manner}`));
    const hasHappened = (words: string) => world.trace.some(line => line.includes(words));
    const grounds: Record<string, boolean> = {
      unknown_outcome: status === 'unknown',
      window_closed: until === null && message.held && !message.window_open,
      campaign_paused: until === null && message.held && request.campaign !== undefined && hasHappened('campaign'),
      template_paused: until === null && message.held && hasHappened('is paused'),
      // Also before the next claim holds it.
      restricted: until !== null && hasHappened('_restricted'),
      deferred: until !== null && message.held && (hasHappened('hears deferred') || hasHappened('is paused')),
      scheduled: status === 'scheduled' && until?.getTime() === message.due_at.getTime(),
      // As long as a stretch of the rate and the longest gap at most, or until the end of a call is known.
      rate_limit: until === null ? message.open_calls > 0 : clockSet || until.getTime() - now <= longest * 1_010 + 600,
      daily_limit: until !== null && terms.some(({ perDay }) => perDay !== null),
      new_conversation_limit: until !== null && terms.some(({ newPerDay }) => newPerDay !== null),
      quiet_hours: until !== null && request.body.priority !== 'high' && terms.some(({ quiet }) => quiet !== null),
      paused: until === null && paused !== undefined,
      flagged: until === null && paused !== undefined && meta.hasWarned,
      file_pending: until !== null && request.body.type === 'image',
      recipient_limit: until !== null && terms.some(({ recipient }) => recipient !== null),
      retry: until !== null && notSent > 0,
      recipient_throttled: until !== null && heard('recipientThrottled'),
      throttled: until !== null && heard('throttled'),
      account_error: until !== null && heard('account'),
      no_worker: until === null && !nodes.some(world.runs),
      // Or its message is settled by the call before, and called again.
      conversation_order: others.some(other => isOpen(other) || other.silent),
      next: true,
    };
    if (status === 'unknown' && reason !== 'unknown_outcome') return `says ${reason}`;
    if (status === 'queued' && !message.held && paused && reason !== 'paused' && reason !== 'flagged')
      return `says ${reason}, and its account is paused`;
    return grounds[reason] ? undefined : `says ${reason}, for which there is no ground (until ${until?.toISOString()})`;
  }
}
