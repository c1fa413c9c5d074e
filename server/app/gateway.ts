// The gateway role: keeps the sessions of linked phones open in this process.
import { sessionProcesses } from '../adapters/channels/whatsapp-web/session-process.ts';
import { type KeptSessions, keepSessions, readCurrentVersion, watchVersion } from '../features/links/index.ts';
import { realClock } from '../kit/time.ts';
import type { OpenedChannels } from './channels.ts';
import type { AppContext } from './context.ts';
import type { Worker } from './worker.ts';

/** How long a call waits for WhatsApp's acknowledgement: with typing before it, it ends before the lease of its message. */
const ackMs = 6_000;

/** Starts to keep sessions. The channel of linked phones stops it, after the lanes that use it. */
export async function startGateway(
  context: AppContext,
  { sessions, encrypter }: Pick<OpenedChannels, 'sessions' | 'encrypter'>,
  { engine, wakeDue }: Pick<Worker, 'engine' | 'wakeDue'>,
): Promise<void> {
  const { config, overrides, engineDb: db, clock, log, metrics, runner, tail } = context;
  const web = config.whatsAppWeb;
  if (!sessions || !web) return;
  let kept: KeptSessions | undefined;
  const version = await watchVersion({
    db,
    realClock,
    log,
    metrics,
    configured: web.version,
    read: web.checksVersion ? () => readCurrentVersion(web.url) : undefined,
    changed: () => kept?.poll(),
  });
  const settings = {
    url: web.url,
    folder: sessions.folder,
    showsTyping: web.showsTyping,
    ackMs,
    historyDays: web.historyDays,
  };
  const { sessionsPerProcess: perProcess, certificates } = web;
  kept = keepSessions({
    db,
    clock,
    realClock,
    log,
    metrics,
    encrypter,
    worker: runner,
    random: overrides.random ?? Math.random,
    version: version.current,
    openHost: listener => sessionProcesses({ settings, perProcess, certificates, log, clock: realClock, listener }),
    received: accountId => engine.wake('receive', accountId),
    opened: accountId => {
      for (const kind of ['send', 'read', 'fetch']) engine.wake(kind, accountId);
    },
    wakeDue,
  });
  sessions.keep(kept);
  // Other processes accept messages and links: the event log tells of them.
  const unsubscribe = tail.subscribe(rows => {
    for (const { type, account_id: accountId } of rows) {
      if (accountId === null) continue;
      if (type === 'account.link_changed' || type === 'account.deleted') kept?.poll();
      else if (type === 'message.queued' && kept?.isOpen(accountId)) engine.wake('send', accountId);
    }
  });
  sessions.onStop(async () => {
    unsubscribe();
    version.stop();
    await kept?.stop();
    sessions.keep(undefined);
  });
}
