// The lane of a channel: gives it what it has to tell, three times at most, then tells it by e-mail.
import type { Claim, Job, LaneKind } from '../../engine/lane.ts';
import type { Database, Queryable } from '../../kit/db/database.ts';
import type { Clock } from '../../kit/time.ts';
import { type ChannelRow, findAnyChannel, noteOutcome } from './channel-store.ts';
import * as store from './delivery-store.ts';
import { letterOf } from './letter.ts';
import { quietUntil } from './quiet-hours.ts';
import { type SendNeeds, send } from './send.ts';
import { alertsById } from './store.ts';

export interface AlertLaneNeeds extends Omit<SendNeeds, 'now'> {
  db: Database;
  clock: Clock;
  wake: (channelId: string) => void;
  /** Where the app is, for the links. */
  baseUrl: () => string;
}

const mostAttempts = 3;
const pauseMs = 30_000;

/** The lane kind of channels; its key is the channel. */
export function alertLane(needs: AlertLaneNeeds): LaneKind {
  const { db, clock, wake } = needs;
  const now = () => new Date(clock.now());

  async function claim(channelId: string, max: number): Promise<Claim> {
    const channel = await findAnyChannel(db, channelId);
    if (!channel) return { jobs: [], waitMs: undefined, more: false };
    const rows = await store.claimDeliveries(db, channelId, max, now());
    const waitMs = rows.length < max ? await store.msToNext(db, channelId, now()) : undefined;
    return { jobs: rows.map(row => jobOf(channel, row)), waitMs, more: rows.length === max };
  }

  const jobOf = (channel: ChannelRow, row: store.DeliveryRow): Job => ({
    async run() {
      const reader = row.person_id === null ? undefined : await store.findReader(db, row.workspace_id, row.person_id);
      const { quiet_from: from, quiet_until: until, time_zone: zone } = reader ?? {};
      const quiet = from && until && zone && !row.critical ? quietUntil({ from, until, zone }, clock.now()) : undefined;
      if (quiet !== undefined) {
        await store.postpone(db, row, new Date(quiet));
        return quiet - clock.now();
      }
      const alerts = await alertsById(db, row.alerts);
      const letter = letterOf(alerts, row.news, needs.baseUrl(), now());
      const took = clock.measure();
      const parcel = { channel, delivery: row, letter, alerts, email: reader?.email };
      const error = await send({ ...needs, now: () => clock.now() }, parcel);
      return db.transaction(tx => record(tx, channel, row, error, took()));
    },
    release: () => store.postpone(db, row, now()),
  });

  /** Records an attempt. Returns after how long the next one is due. */
  async function record(
    tx: Queryable,
    channel: ChannelRow,
    row: store.DeliveryRow,
    error: string | undefined,
    ms: number,
    died = false,
  ): Promise<number | undefined> {
    const may = row.attempts < mostAttempts && row.news !== 'test' && (!died || channel.kind === 'email');
    const again = error !== undefined && may;
    const wait = pauseMs * 2 ** (row.attempts - 1);
    const outcome: store.Outcome =
      error === undefined
        ? { state: 'sent', ms }
        : again
          ? { state: 'waiting', ms, error, dueAt: new Date(clock.now() + wait) }
          : { state: 'failed', ms, error };
    if (!(await store.recordDelivery(tx, row, outcome, now()))) return undefined;
    await noteOutcome(tx, channel.id, error ?? null, now());
    if (outcome.state === 'failed' && row.news !== 'test') await tellByMail(tx, channel, row);
    return again ? wait : undefined;
  }

  async function tellByMail(tx: Queryable, channel: ChannelRow, row: store.DeliveryRow): Promise<void> {
    if (channel.kind === 'email') return;
    const mail = await store.fallBack(tx, row, channel.kind, now());
    if (mail !== undefined) wake(mail);
  }

  /** A delivery in flight when its worker died may have arrived: e-mail tells it instead of a repeat. */
  async function endInterrupted(): Promise<string[]> {
    for (const row of await store.interrupted(db, now())) {
      const channel = await findAnyChannel(db, row.channel_id);
      if (channel) await db.transaction(tx => record(tx, channel, row, 'Recado stopped in the call.', 0, true));
    }
    return [];
  }

  return {
    kind: 'alert',
    concurrency: 4,
    claim,
    due: () => store.dueChannels(db, now()),
    maintenance: [endInterrupted],
  };
}
