// The deliver lane: posts queued events to their endpoints, in the order of each conversation.
import type { DeliveryError } from '@recado/contract';
import type { Claim, Job, LaneKind } from '../../engine/lane.ts';
import { fairPlaces } from '../../kit/async/fair-places.ts';
import { type Semaphore, semaphore } from '../../kit/async/semaphore.ts';
import { DecryptionError, type Encrypter } from '../../kit/crypto/encryption.ts';
import { type Database, reasonToWait } from '../../kit/db/database.ts';
import { type GroupCommit, groupCommit } from '../../kit/db/group-commit.ts';
import type { Logger } from '../../kit/log.ts';
import type { Metrics } from '../../kit/metrics.ts';
import type { GuardedPoster, PostAnswer } from '../../kit/net/guarded-post.ts';
import { GuardedFetchError } from '../../kit/net/guarded-request.ts';
import { storableText } from '../../kit/text/storable.ts';
import { type Clock, realClock } from '../../kit/time.ts';
import { eventsById, presentEvents } from '../events/index.ts';
import {
  type ClaimedDelivery,
  claimDeliveries,
  type DeliveryClaim,
  dueEndpoints,
  type Outcome,
  recordDeliveries,
} from './delivery-store.ts';
import { openFormer, placeOfHeaders, placeOfSecret } from './endpoint.ts';
import { type EndpointSecrets, findSecrets } from './endpoint-store.ts';
import { type Body, bodyOf, type KeptBodies } from './kept-bodies.ts';
import { covers } from './matching.ts';
import { pauseAfter, readRetryAfter } from './retry-schedule.ts';
import { signedHeaders } from './signature.ts';

export interface DeliverNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  metrics: Pick<Metrics, 'webhooks'>;
  wake: (endpointId: string) => void;
  poster: Pick<GuardedPoster, 'post'>;
  encrypter: Encrypter;
  bodies: Pick<KeptBodies, 'follow' | 'take'>;
  /** The id of this process. */
  runner: string;
  /** From 0 to 1, for the spread of retries. */
  random: () => number;
}

/** For the whole exchange, from the lookup to the end of the answer. */
const deadlineMs = 20_000;
/** No request of a claim begins later than this after it. So all are over, and recorded, before the lease ends. */
const beginWithinMs = 10_000;
const leaseSeconds = 45;
/** How many deliveries of one conversation a claim takes. */
const chain = 10;
/** How many conversations of one endpoint this process takes: more than post at once, so that no request waits for a claim. */
const fewestSlots = 64;
const slotsFor = (concurrency: number) => Math.max(fewestSlots, 4 * concurrency);
/** The most requests in flight at once to all endpoints of a workspace: each has a socket. */
const mostOfWorkspace = 200;
const recordEveryMs = 20;
/** How long a record waits that the database did not take. */
const recordAgainMs = 250;
/** Until an endpoint that another process serves is checked again. */
const otherRunnerMs = 250;
const excerptLength = 500;

/** What this process knows of an endpoint while it posts to it. */
interface Serving {
  /** The keys that are being posted. */
  busy: Set<string>;
  gate: Gate;
  records: GroupCommit<Outcome, void>;
}

interface Gate {
  concurrency: number;
  /** The requests in flight. */
  pass: Semaphore;
  /** The requests in flight, and those whose answers are not recorded yet: the most that a kill repeats. */
  unrecorded: Semaphore;
}

/** A claimed delivery with its body; the body is undefined where the event is gone. */
interface PreparedDelivery extends ClaimedDelivery {
  eventId: string | undefined;
  body: string | undefined;
}

/** What all requests of a claim share. */
interface Target extends Pick<EndpointSecrets, 'url'> {
  id: string;
  workspaceId: string;
  headers: Record<string, string>;
  /** Undefined where no key of the server opens the secret. */
  secrets: string[] | undefined;
}

export function deliverLane(needs: DeliverNeeds): LaneKind {
  const { db, clock, log, poster, runner } = needs;
  const served = new Map<string, Serving>();
  const passOfWorkspace = fairPlaces(mostOfWorkspace);
  let stopped = false;

  function servingOf(endpointId: string): Serving {
    const known = served.get(endpointId);
    if (known) return known;
    const records = groupCommit<Outcome, void>({
      write: async outcomes => {
        const became = await recordAtLast(endpointId, outcomes);
        if (became.disabled) log.warn({ endpoint: endpointId, reason: became.disabled }, 'an endpoint was disabled');
        return outcomes.map(() => undefined);
      },
      uncertain: () => false,
      max: 500,
      inFlight: 1,
      // Each record costs the same once more, so many results share one.
      pace: { clock: realClock, ms: recordEveryMs },
    });
    const made = { busy: new Set<string>(), gate: gateOf(10), records };
    served.set(endpointId, made);
    return made;
  }

  /**
   * Records outcomes, and repeats this until the database takes them: a delivery whose answer is not recorded would be
   * posted again. A record that is repeated stores no attempt twice.
   */
  async function recordAtLast(endpointId: string, outcomes: Outcome[]): ReturnType<typeof recordDeliveries> {
    for (let isFirst = true; ; isFirst = false) {
      try {
        return await recordDeliveries(db.atomic, endpointId, outcomes, clock.sqlNow());
      } catch (error) {
        const reason = reasonToWait(error);
        if (stopped || reason === undefined) throw error;
        if (isFirst)
          log.warn(
            { endpoint: endpointId, err: error, reason },
            'answers to webhooks are not recorded yet; it tries again',
          );
      }
      await new Promise<void>(resolve => realClock.after(recordAgainMs, resolve));
    }
  }

  async function targetOf(endpointId: string, secrets: EndpointSecrets): Promise<Target> {
    const { encrypter } = needs;
    const target = { id: endpointId, workspaceId: secrets.workspace_id, url: secrets.url };
    try {
      const current = encrypter.open(secrets.secret, placeOfSecret(endpointId));
      const former = openFormer(encrypter, secrets, clock.now()).map(({ secret }) => secret);
      const headers = secrets.headers ? JSON.parse(encrypter.open(secrets.headers, placeOfHeaders(endpointId))) : {};
      return { ...target, headers, secrets: [current, ...former] };
    } catch (error) {
      if (!(error instanceof DecryptionError)) throw error;
      log.error({ endpoint: endpointId, err: error }, 'the secret of an endpoint cannot be decrypted');
      return { ...target, headers: {}, secrets: undefined };
    }
  }

  /**
   * The bodies of claimed deliveries, if the endpoint still has the rights of their events: those that the fan-out made
   * just before, else the events as they are shown now.
   */
  async function prepare(endpoint: EndpointSecrets, claim: DeliveryClaim): Promise<PreparedDelivery[]> {
    const bodies = new Map<number, Body>();
    for (const { event_id: id } of claim.deliveries) {
      const kept = bodies.has(id) ? undefined : needs.bodies.take(endpoint.id, id, claim.erasures);
      if (kept?.seesNumbers === endpoint.sees_numbers) bodies.set(id, kept);
    }
    const missing = new Set(claim.deliveries.map(({ event_id: id }) => id).filter(id => !bodies.has(id)));
    const rows = missing.size === 0 ? [] : await eventsById(db, endpoint.workspace_id, [...missing]);
    const mine = rows.filter(row => covers(endpoint, row));
    for (const presented of await presentEvents(db, mine))
      bodies.set(presented.row.id, bodyOf(presented, endpoint.sees_numbers));
    return claim.deliveries.map(delivery => {
      const found = bodies.get(delivery.event_id);
      const isMine = found !== undefined && covers(endpoint, found.row);
      return { ...delivery, eventId: isMine ? found.eventId : undefined, body: isMine ? found.body : undefined };
    });
  }

  async function attempt(target: Target, delivery: PreparedDelivery): Promise<Outcome> {
    const startedAt = new Date(clock.now());
    const measured = clock.measure();
    const result = await post(target, delivery, startedAt);
    const now = clock.now();
    const retryAfterMs = result.answer && readRetryAfter(result.answer.retryAfter, now);
    const isFinal = result.error === null || result.error === 'gone' || result.error === 'event_gone';
    const wait = isFinal ? undefined : pauseAfter(delivery.round + 1, needs.random(), retryAfterMs);
    const isBusy = result.answer?.status === 429 || result.answer?.status === 503;
    needs.metrics.webhooks.inc({ outcome: result.error ?? 'succeeded' });
    return {
      seq: delivery.seq,
      attempt: delivery.attempts + 1,
      startedAt,
      durationMs: Math.round(measured()),
      httpStatus: result.answer?.status ?? null,
      error: result.error,
      excerpt:
        storableText(result.answer?.excerpt ?? result.message ?? '')
          .slice(0, excerptLength)
          .toWellFormed() || null,
      waitMs: wait ?? null,
      holdMs: (isBusy && retryAfterMs) || null,
    };
  }

  interface Result {
    error: DeliveryError | null;
    answer?: PostAnswer;
    message?: string;
  }

  async function post(target: Target, { eventId, body }: PreparedDelivery, startedAt: Date): Promise<Result> {
    if (eventId === undefined || body === undefined) return { error: 'event_gone' };
    if (!target.secrets) return { error: 'secret_unreadable' };
    const seconds = Math.floor(startedAt.getTime() / 1_000);
    const headers = {
      ...target.headers,
      'content-type': 'application/json',
      ...signedHeaders(target.secrets, eventId, seconds, body),
    };
    try {
      const answer = await poster.post(target.url, { headers, body, deadlineMs });
      return { answer, error: errorOf(answer.status) };
    } catch (error) {
      if (!(error instanceof GuardedFetchError)) throw error;
      const code = error.code === 'rejected' ? 'link_rejected' : error.code === 'timeout' ? 'timeout' : 'unavailable';
      return { error: code, message: error.message };
    }
  }

  /**
   * Posts the deliveries of one key, one after the other, up to the first that fails. Each answer goes to the record as
   * it comes, and the next delivery does not wait for that.
   */
  function job(target: Target, serving: Serving, prepared: PreparedDelivery[], claimedAt: number): Job {
    const key = prepared[0]?.order_key ?? '';
    const end = () => {
      serving.busy.delete(key);
      // The claim finds what is next, or gives the lane up.
      needs.wake(target.id);
    };

    async function posted(delivery: PreparedDelivery): Promise<Outcome | undefined> {
      const begin = async () => (clock.elapsed() - claimedAt > beginWithinMs ? undefined : attempt(target, delivery));
      const outcome = await serving.gate.pass(() => passOfWorkspace(target.workspaceId, target.id, begin));
      // A request that our own stop breaks off says nothing about the endpoint.
      return stopped && outcome?.error ? undefined : outcome;
    }

    return {
      async run() {
        const records: Promise<void>[] = [];
        try {
          for (const delivery of prepared) {
            const outcome = await new Promise<Outcome | undefined>((resolve, reject) => {
              const record = serving.gate.unrecorded(async () => {
                const answered = await posted(delivery);
                resolve(answered);
                if (answered) await serving.records.add(answered);
              });
              record.catch(reject);
              records.push(record);
            });
            if (!outcome || (outcome.error !== null && outcome.error !== 'event_gone')) break;
          }
          await Promise.all(records);
          return undefined;
        } finally {
          await Promise.allSettled(records);
          end();
        }
      },
      release: async () => end(),
    };
  }

  return {
    kind: 'deliver',
    concurrency: fewestSlots,
    async claim(endpointId, max): Promise<Claim> {
      const serving = servingOf(endpointId);
      // Before the claim, whose lease runs from then on.
      const claimedAt = clock.elapsed();
      const claim = await claimDeliveries(
        db.atomic,
        { endpointId, runner, busy: [...serving.busy], max, chain, leaseSeconds },
        clock.sqlNow(),
      );
      if (claim.deliveries.length === 0) {
        if (serving.busy.size === 0) served.delete(endpointId);
        return { jobs: [], waitMs: claim.mine ? claim.waitMs : otherRunnerMs, more: false };
      }
      const secrets = await findSecrets(db, endpointId, clock.sqlNow());
      if (!secrets) return { jobs: [], waitMs: undefined, more: false };
      const target = await targetOf(endpointId, secrets);
      if (serving.gate.concurrency !== secrets.concurrency) serving.gate = gateOf(secrets.concurrency);
      needs.bodies.follow(endpointId, !claim.more);
      const prepared = await prepare(secrets, claim);
      const chains = new Map<string, PreparedDelivery[]>();
      for (const delivery of prepared)
        chains.set(delivery.order_key, [...(chains.get(delivery.order_key) ?? []), delivery]);
      for (const key of chains.keys()) serving.busy.add(key);
      const jobs = [...chains.values()].map(own => job(target, serving, own, claimedAt));
      return { jobs, waitMs: claim.waitMs, more: claim.more, slots: slotsFor(secrets.concurrency) };
    },
    due: () => dueEndpoints(db, clock.sqlNow()),
    async stop() {
      stopped = true;
    },
  };
}

const gateOf = (concurrency: number): Gate => ({
  concurrency,
  pass: semaphore(concurrency),
  unrecorded: semaphore(slotsFor(concurrency)),
});

function errorOf(status: number): DeliveryError | null {
  if (status >= 200 && status < 300) return null;
  if (status === 410) return 'gone';
  return status >= 300 && status < 400 ? 'redirect' : 'http_status';
}
