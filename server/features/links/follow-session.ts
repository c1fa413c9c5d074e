// Follows the notices of a session that this process holds, until it is closed.
import type { LinkCause, LinkCode } from '@recado/contract';
import { audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import type { CloseCode, SessionNotice } from '../../ports/gateway.ts';
import { beginWarmUp, keepNewChats, needAttention, pauseNewConversations } from '../accounts/index.ts';
import { consequenceOf } from './disconnect.ts';
import { linkChanged } from './event-store.ts';
import { openConnection } from './open-session.ts';
import { openCredentials } from './requests.ts';
import type { HeldSession, Surroundings } from './session.ts';
import {
  endSession,
  FencedError,
  fencedChange,
  findOlderLink,
  forgetPhone,
  mendOpen,
  nextEpoch,
  type Phone,
  releaseSession,
  saveCode,
  saveLinked,
  saveOpen,
} from './session-store.ts';
import { heard, newRhythm } from './silence.ts';

/** A connection that was open for so long has not failed. */
const steadyMs = 60_000;
/** After so long another program that takes the connection is a new matter: two that fight meet every few minutes. */
const undisputedMs = 3_600_000;
const warmUp = { firstDay: 20, days: 14 };

/** Follows a notice, after those before it. Trouble with the database ends the connection: a later one repairs it. */
export function followNotice(needs: Surroundings, session: HeldSession, notice: SessionNotice): void {
  // Not behind the database: who sends must know at once.
  if (notice.kind === 'closed') session.isOpen = false;
  session.following = session.following
    .then(() => follow(needs, session, notice))
    .catch(error => {
      if (!(error instanceof FencedError))
        needs.log.warn(
          { err: error, account: session.accountId, notice: notice.kind },
          'a notice of a session could not be followed',
        );
      if (notice.kind === 'closed') {
        // Somebody ended the link meanwhile, and the connection broke before it could log out.
        if (error instanceof FencedError && !notice.loggedOut) needs.tellKept(session.accountId);
        return needs.forget(session);
      }
      session.isClosing ??= { code: 500, title: 'The gateway could not store a notice.' };
      needs.host.close(session.accountId, session.epoch, false);
    });
}

/** Says again that a session is open here: another process has said otherwise, and would let its messages wait. */
export function repairOpen(needs: Surroundings, session: HeldSession): void {
  const { db, worker, log } = needs;
  session.following = session.following
    .then(async () => {
      const isMended = await fencedChange(
        db,
        session,
        // One that has closed meanwhile tells of it next.
        async tx => session.isOpen && !session.isReleased && (await mendOpen(tx, session.accountId, worker)),
      );
      if (!isMended) return;
      log.warn({ account: session.accountId }, 'an open session was stored as not connected; it is mended');
      needs.opened(session.accountId);
    })
    .catch(error => {
      if (!(error instanceof FencedError))
        log.warn(
          { err: error, account: session.accountId },
          'an open session could not be mended; a later poll does it',
        );
    });
}

async function follow(needs: Surroundings, session: HeldSession, notice: SessionNotice): Promise<void> {
  if (session.isLost) return notice.kind === 'closed' ? needs.forget(session) : undefined;
  switch (notice.kind) {
    case 'code':
      return followCode(needs, session, notice);
    case 'linked':
      return followLinked(needs, session, phoneOf(notice));
    case 'open':
      return followOpen(needs, session, phoneOf(notice));
    case 'traffic':
      if (notice.isMessage) session.rhythm = heard(session.rhythm, needs.clock.now());
      return;
    case 'restricted':
      needs.log.warn({ account: session.accountId, until: notice.until }, 'WhatsApp restricts new conversations');
      return pauseNewConversations(
        needs.db,
        session.accountId,
        notice.until === undefined ? undefined : new Date(notice.until),
      );
    case 'new_chats':
      return keepNewChats(needs.db, session.accountId, notice.quota);
    case 'closed':
      return followClosed(needs, session, notice);
  }
}

const phoneOf = ({ phone, lid, name }: Phone): Phone => ({ phone, lid, name });

async function followCode(
  { db }: Surroundings,
  session: HeldSession,
  { method, value, number, of, expiresInMs }: SessionNotice & { kind: 'code' },
): Promise<void> {
  const expires_at = new Date(Date.now() + expiresInMs).toISOString();
  const code: LinkCode = { method, value, number, of, expires_at };
  await fencedChange(db, session, tx => saveCode(tx, session, session.workspaceId, code));
  session.hasShownCode = true;
}

async function followLinked({ db }: Surroundings, session: HeldSession, phone: Phone): Promise<void> {
  await fencedChange(db, session, async tx => {
    await saveLinked(tx, session.accountId, phone);
    await beginWarmUp(tx, session.accountId, warmUp);
    await note(tx, session, 'account.linked');
  });
  session.isLinking = false;
  session.isLinked = true;
}

async function followOpen(needs: Surroundings, session: HeldSession, phone: Phone): Promise<void> {
  const { db, worker } = needs;
  const older = await findOlderLink(db, session, phone.phone);
  if (older !== undefined) return refuseSecondLink(needs, session, older);
  await fencedChange(db, session, tx => saveOpen(tx, session.accountId, worker, phone));
  session.isLinked = true;
  session.isLinking = false;
  session.openedAt = needs.realClock.elapsed();
  session.isOpen = !session.isStopping;
  session.rhythm = newRhythm(needs.clock.now(), session.rhythm);
  needs.opened(session.accountId);
  needs.poll();
}

/** Logs out again: two accounts of one phone would both store and answer what people write to it. */
async function refuseSecondLink({ db, host }: Surroundings, session: HeldSession, older: string): Promise<void> {
  const reason = `This phone is already linked to the account ${older}. Unlink it there first, then start again.`;
  session.isReleased = true;
  await fencedChange(db, session, async tx => {
    await linkChanged(tx, session.accountId, { state: 'failed', reason, code: null });
    await endSession(tx, session.accountId, { forgets: true, refusedVersion: undefined });
    await forgetPhone(tx, session.accountId);
  });
  session.isLost = true;
  session.logsOut = Promise.resolve(true);
  host.close(session.accountId, session.epoch, true);
}

async function followClosed(
  needs: Surroundings,
  session: HeldSession,
  notice: SessionNotice & { kind: 'closed' },
): Promise<void> {
  const { db, realClock, metrics, random } = needs;
  const { accountId } = session;
  const { code, title, network } = session.isClosing ? { ...session.isClosing, network: undefined } : notice;
  metrics.sessionCloses.inc({ code: session.isStopping ? 'stop' : String(code ?? 'none') });
  const wasSteady = session.openedAt !== undefined && realClock.elapsed() > session.openedAt + steadyMs;
  const failures = wasSteady ? 1 : session.failures + 1;
  const wasUndisputed = session.openedAt !== undefined && realClock.elapsed() > session.openedAt + undisputedMs;
  if (!session.isStopping) session.replaced = code === 440 ? (wasUndisputed ? 1 : session.replaced + 1) : 0;
  if (session.isStopping)
    return release(needs, session, { failures: session.failures, ms: 0, reason: 'Recado restarts.', code: null });
  const { isLinked, hasShownCode, replaced } = session;
  const ended = { code, title, network, isLinked, hasShownCode, failures, replaced };
  const consequence = consequenceOf(ended, random());
  if (consequence.kind === 'reopen') return reopen(needs, session);
  if (consequence.kind === 'wait') return release(needs, session, { ...consequence, failures, code: codeOf(code) });
  const { state, reason, cause, forgets } = consequence;
  const refusedVersion = state === 'outdated' ? needs.version() : undefined;
  session.isReleased = true;
  await fencedChange(db, session, async tx => {
    await linkChanged(tx, accountId, { state, reason, code: codeOf(code), cause });
    if (state === 'reconnecting') await needAttention(tx, accountId, reason);
    await endSession(tx, accountId, { forgets, refusedVersion });
    if (state === 'logged_out') await note(tx, session, 'account.logged_out');
  });
  needs.forget(session);
  needs.poll();
}

const codeOf = (code: CloseCode | undefined): number | null => (typeof code === 'number' ? code : null);

/** Gives the session back, to be opened again after a time by any gateway. */
async function release(
  needs: Surroundings,
  session: HeldSession,
  {
    failures,
    ms,
    reason,
    code,
    cause,
  }: { failures: number; ms: number; reason: string; code: number | null; cause?: LinkCause },
): Promise<void> {
  session.isReleased = true;
  await fencedChange(needs.db, session, async tx => {
    if (session.isLinked) await linkChanged(tx, session.accountId, { state: 'reconnecting', reason, code, cause });
    await releaseSession(tx, session.accountId, { ...session, failures, waitMs: ms });
  });
  needs.forget(session);
}

/** Another connection at once, under the same lease: WhatsApp asks for it after a phone was linked. */
async function reopen(needs: Surroundings, session: HeldSession): Promise<void> {
  const { db, encrypter, realClock } = needs;
  const { epoch, credentials } = await fencedChange(db, session, tx => nextEpoch(tx, session.accountId));
  session.epoch = epoch;
  session.isClosing = undefined;
  session.openedAt = undefined;
  session.openingSince = realClock.elapsed();
  openConnection(
    needs,
    session,
    credentials === null ? null : openCredentials(encrypter, session.accountId, credentials),
    null,
  );
}

const note = (tx: Queryable, { workspaceId, accountId }: HeldSession, action: string) =>
  audit(
    tx,
    { workspaceId, kind: 'system', id: undefined, address: undefined, requestId: undefined },
    { action, target: { kind: 'account', id: accountId } },
  );
