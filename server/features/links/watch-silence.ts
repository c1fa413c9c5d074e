// Acts on the silence of a connected phone: asks whether the connection works, then connects again. Keeps the rhythms,
// so that another process goes on with them.
import { appendSilence } from './event-store.ts';
import type { HeldSession, Surroundings } from './session.ts';
import { saveRhythms } from './session-store.ts';
import { silenceAt } from './silence.ts';

/** Acts on the silence of one session, if there is one. It never throws. */
export async function watchSilence(needs: Surroundings, session: HeldSession): Promise<void> {
  const { db, clock, log, host } = needs;
  if (!session.isOpen) return;
  const silence = silenceAt(session.rhythm, clock.now());
  if (!silence) return;
  const { accountId, epoch } = session;
  try {
    let { action } = silence;
    // Before the answer: the next check must not ask again.
    session.rhythm = { ...session.rhythm, acted: { step: 'probed', at: clock.now() } };
    if (action === 'probe') {
      const probed = await host.call(accountId, epoch, 'probe', {});
      if (!probed.ok || probed.result === 'dead') action = 'reconnect';
    }
    if (action === 'reconnect') {
      session.rhythm = { ...session.rhythm, acted: { step: 'reconnected', at: clock.now() } };
      session.isClosing = { code: 408, title: 'The connection was silent.' };
      host.close(accountId, epoch, false);
    }
    const told = {
      silent_seconds: Math.round(silence.silentMs / 1_000),
      usual_seconds: Math.round(silence.usualMs / 1_000),
      action: action === 'probe' ? ('probed' as const) : ('reconnected' as const),
    };
    log.warn({ account: accountId, ...told }, 'a connected phone is silent for longer than usual');
    await appendSilence(db, session.workspaceId, accountId, told);
  } catch (error) {
    log.warn({ err: error, account: accountId }, 'the silence of a phone could not be followed');
  }
}

/** Saves the rhythms that have changed since they were last saved. It never throws. */
export async function keepRhythms({ db, log }: Surroundings, sessions: readonly HeldSession[]): Promise<void> {
  const changed = sessions.filter(each => !each.isLost && each.rhythm !== each.savedRhythm);
  if (changed.length === 0) return;
  const saved = changed.map(({ accountId, fence, rhythm }) => ({ accountId, fence, rhythm }));
  try {
    await saveRhythms(db, saved);
    changed.forEach((session, n) => {
      session.savedRhythm = saved[n]?.rhythm ?? session.savedRhythm;
    });
  } catch (error) {
    log.warn({ err: error }, 'the rhythms of phones could not be saved; the next attempt is in a minute');
  }
}
