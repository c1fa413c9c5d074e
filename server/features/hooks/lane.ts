// The lane of a hook: tells its contacts what is due, in one message to each, three times at most.
import type { SendMessageBody } from '@recado/contract';
import type { Claim, Job, LaneKind } from '../../engine/lane.ts';
import type { Database } from '../../kit/db/database.ts';
import { AppError } from '../../kit/errors.ts';
import type { Caller } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import * as calls from './call-store.ts';
import { type HookRow, lockHook, presentContacts } from './hook-store.ts';
import { letterOf } from './letter.ts';
import { bodiesOf, writerOf } from './message.ts';

export interface HookLaneNeeds {
  db: Database;
  clock: Clock;
  /** Accepts a message in the name of who made the hook. */
  accept: (caller: Caller, body: SendMessageBody, key: string) => Promise<{ message: { id: string } }>;
}

const mostAttempts = 3;
const pauseMs = 30_000;
/** After this time somebody else may tell what a worker took and did not tell. */
const leaseMs = 60_000;

/** The lane kind of hooks; its key is the hook. */
export function hookLane({ db, clock, accept }: HookLaneNeeds): LaneKind {
  const now = () => new Date(clock.now());

  async function claim(hookId: string): Promise<Claim> {
    const until = new Date(clock.now() + leaseMs);
    const taken = await db.transaction(async tx => {
      const hook = await lockHook(tx, hookId);
      return hook && { hook, group: await calls.takeDue(tx, hook, now(), until) };
    });
    if (!taken) return { jobs: [], waitMs: undefined, more: false };
    const { hook, group } = taken;
    const jobs = group.length > 0 ? [jobOf(hook, group)] : [];
    return { jobs, waitMs: await calls.msToNext(db, hookId, now()), more: false };
  }

  const jobOf = (hook: HookRow, group: readonly calls.CallRow[]): Job => ({
    async run() {
      const attempt = await tell(hook, group);
      const again = attempt.error !== null && (group[0]?.attempts ?? mostAttempts) < mostAttempts;
      const wait = pauseMs * 2 ** ((group[0]?.attempts ?? 1) - 1);
      const ended = attempt.told.length > 0 ? ('sent' as const) : ('failed' as const);
      await calls.recordAttempt(db, group, {
        ...attempt,
        outcome: again ? 'waiting' : ended,
        dueAt: again ? new Date(clock.now() + wait) : null,
      });
      return again ? wait : undefined;
    },
    release: () => calls.giveBack(db, group, now()),
  });

  /** Writes to each contact that was not told yet. */
  async function tell(hook: HookRow, group: readonly calls.CallRow[]) {
    const [first] = group;
    const told = [...(first?.told ?? [])];
    const messages = [...(first?.messages ?? [])];
    const contacts = await presentContacts(db, hook.contacts);
    let error: string | null = contacts.length === 0 ? 'Its contacts are deleted. Choose others.' : null;
    const bodies = bodiesOf(hook, letterOf(group));
    for (const contact of contacts.filter(id => !told.includes(id))) {
      const key = `hook ${first?.group_id} ${contact}`;
      try {
        const { message } = await acceptOne(hook, bodies, contact, key);
        told.push(contact);
        messages.push(toUuid(message.id));
      } catch (failure) {
        if (!(failure instanceof AppError) || failure.status >= 500) throw failure;
        error ??= failure.detail;
      }
    }
    return { told, messages, error };
  }

  /** A text costs no template; outside of the 24-hour window there is the template only. */
  async function acceptOne(hook: HookRow, bodies: ReturnType<typeof bodiesOf>, contact: string, key: string) {
    const to = { account_id: toId('account', hook.account_id), contact_id: toId('contact', contact) };
    const caller = writerOf(hook);
    try {
      return await accept(caller, { ...to, ...bodies.text }, key);
    } catch (failure) {
      if (!bodies.template || !(failure instanceof AppError) || failure.code !== 'window_closed') throw failure;
      return accept(caller, { ...to, ...bodies.template }, `${key} template`);
    }
  }

  return { kind: 'hook', concurrency: 1, claim, due: () => calls.dueHooks(db, now()) };
}
