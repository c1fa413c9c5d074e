// The lane of a subscription: tells a browser through its push service what is new, three times at most.
import type { Claim, Job, LaneKind } from '../../engine/lane.ts';
import { DecryptionError, type Encrypter } from '../../kit/crypto/encryption.ts';
import { encryptPush, vapidHeader } from '../../kit/crypto/web-push.ts';
import type { Database } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import type { GuardedPoster, PostAnswer } from '../../kit/net/guarded-post.ts';
import { GuardedFetchError } from '../../kit/net/guarded-request.ts';
import type { Clock } from '../../kit/time.ts';
import { quietUntil } from '../alerts/index.ts';
import { channelsOf, kindsIn, type SettingRow } from './notification.ts';
import { pushKeys } from './push-key-store.ts';
import { pushMessage } from './push-message.ts';
import * as pushes from './push-store.ts';
import { findSetting } from './store.ts';

export interface PushNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  encrypter: Encrypter;
  poster: Pick<GuardedPoster, 'post'>;
  /** Where push services reach the operator. */
  contact: () => string | undefined;
}

const mostAttempts = 3;
const pauseMs = 30_000;
/** Nothing is told before it is so old. */
const restMs = 3_000;
const deadlineMs = 15_000;
/** After this time somebody else may tell what a worker took and did not tell. */
const leaseMs = 60_000;
/** So long a push service keeps it for a browser that is off. */
const keptSeconds = 24 * 3_600;

/** The lane kind of subscriptions; its key is the subscription. */
export function pushLane(needs: PushNeeds): LaneKind {
  const { db, clock, log } = needs;
  const now = () => new Date(clock.now());

  async function claim(id: string): Promise<Claim> {
    const subscription = await pushes.claimSubscription(db, id, now(), new Date(clock.now() + leaseMs));
    const jobs = subscription ? [jobOf(subscription)] : [];
    return { jobs, waitMs: undefined, more: false };
  }

  const jobOf = (subscription: pushes.ClaimedSubscription): Job => ({
    async run() {
      const { id } = subscription;
      const rows = untilNew(await pushes.untold(db, subscription), clock.now() - restMs);
      const toldSeq = rows.at(-1)?.seq;
      const setting = await findSetting(db, subscription.workspace_id, subscription.person_id);
      const news = await loud(subscription, setting, rows);
      const done = { toldSeq, error: null, dueAt: now(), attempts: 0 };
      // A browser shows something of its own where a message shows nothing: what is read is taken back with the next news.
      if (news.length === 0) await pushes.recordPush(db, id, { ...done, reached: false }, now());
      else {
        const unread = await pushes.unreadIds(db, subscription, kindsIn(setting, 'browser'));
        const failure = await post(
          subscription,
          JSON.stringify(pushMessage(news, setting, subscription.language, unread)),
        );
        if (failure === 'gone') await pushes.forgetSubscription(db, id);
        else if (failure !== undefined) return fail(subscription, toldSeq, failure);
        else await pushes.recordPush(db, id, { ...done, reached: true }, now());
      }
      return undefined;
    },
    release: () =>
      pushes.recordPush(
        db,
        subscription.id,
        { toldSeq: undefined, error: null, dueAt: now(), attempts: subscription.attempts - 1, reached: false },
        now(),
      ),
  });

  /** What the person wants to be told of in a browser now. */
  async function loud(
    { workspace_id: workspaceId, person_id: personId }: pushes.ClaimedSubscription,
    setting: SettingRow,
    rows: readonly pushes.PushedRow[],
  ): Promise<pushes.PushedRow[]> {
    const quiet = await pushes.quietHours(db, workspaceId, personId);
    const isQuiet = quiet !== undefined && quietUntil(quiet, clock.now()) !== undefined;
    return rows.filter(
      ({ kind, read_at, alert }) =>
        read_at === null &&
        channelsOf(setting, kind).includes('browser') &&
        (!isQuiet || alert?.severity === 'critical'),
    );
  }

  /** Posts it. Returns why the push service did not take it; `gone`: it knows the browser no more. */
  async function post({ id, endpoint, p256dh, auth }: pushes.ClaimedSubscription, text: string) {
    try {
      const keys = await pushKeys(db, needs.encrypter);
      const answer = await needs.poster.post(endpoint, {
        headers: {
          authorization: vapidHeader(endpoint, keys, needs.contact(), clock.now()),
          'content-encoding': 'aes128gcm',
          'content-type': 'application/octet-stream',
          ttl: String(keptSeconds),
          urgency: 'high',
        },
        body: encryptPush(text, { p256dh, auth }),
        deadlineMs,
      });
      return wrong(answer);
    } catch (error) {
      if (error instanceof GuardedFetchError) return error.message;
      if (!(error instanceof DecryptionError)) throw error;
      log.error({ push_subscription: id, err: error }, 'the key for push services cannot be decrypted');
      return 'The key of this installation cannot be decrypted.';
    }
  }

  /** Tries again later; after the last time what was to be told is told in the app only. */
  async function fail({ id, attempts }: pushes.ClaimedSubscription, toldSeq: string | undefined, error: string) {
    const again = attempts < mostAttempts;
    const wait = again ? pauseMs * 2 ** (attempts - 1) : 0;
    const outcome = { toldSeq: again ? undefined : toldSeq, error, attempts: again ? attempts : 0, reached: false };
    await pushes.recordPush(db, id, { ...outcome, dueAt: new Date(clock.now() + wait) }, now());
    return again ? wait : undefined;
  }

  return { kind: 'push', concurrency: 1, claim, due: () => pushes.dueSubscriptions(db, now()) };
}

/** Those before the first that is too new to be told: what is before somebody's eyes becomes read in that time. */
function untilNew(rows: readonly pushes.PushedRow[], time: number): readonly pushes.PushedRow[] {
  const first = rows.findIndex(({ read_at, at }) => read_at === null && at.getTime() > time);
  return first === -1 ? rows : rows.slice(0, first);
}

function wrong({ status, excerpt }: PostAnswer): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 404 || status === 410) return 'gone';
  return `${status} ${excerpt.slice(0, 200)}`.trim();
}
