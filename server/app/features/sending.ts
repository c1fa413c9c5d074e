import { addNumberOfRecipient } from '../../features/contacts/index.ts';
import { channelUploads, converter, openContent } from '../../features/media/index.ts';
import { type DirectSend, noDirectSend } from '../../features/messages/index.ts';
import { outcomeMaintenance } from '../../features/outcomes/index.ts';
import { outgoingFiles, reconcile, sendLane } from '../../features/sending/index.ts';
import { countMaintenance } from '../../features/statistics/index.ts';
import { busyPace } from '../../kit/db/group-commit.ts';
import { bootOfMachine, earlierCalls, openCallJournal } from '../call-journal.ts';
import type { AppContext } from '../context.ts';
import type { Feature, Process } from '../feature.ts';
import { isGateway } from '../gateway-sessions.ts';
import { rejectionHandler } from './failure-handlers.ts';
import { templatePartsOf } from './templates.ts';

export const sending: Feature = {
  async lanes(process) {
    const { context, channels, media, wake, adopt, afterStop } = process;
    const { engineDb: db, overrides, clock, log, metrics, storageFull, closers, runner } = context;
    // Where all calls are ours, the machine itself can say which of them never began before we were killed.
    const journal = context.foundation.alone ? await takeOverCalls(context) : undefined;
    if (journal) closers.push(async () => journal.close());
    const uploads = channelUploads({
      db,
      clock,
      log,
      channels: channels.channels,
      read: openContent(media.mediaService),
      convert: converter(media.mediaService),
    });
    afterStop(uploads.close);
    const templates = templatePartsOf(process);
    const lane = sendLane({
      db,
      clock,
      pace: busyPace,
      maintenance: [
        ...outcomeMaintenance(db.atomic, () => clock.sqlNow()),
        ...countMaintenance(db.atomic, () => clock.sqlNow()),
      ],
      log,
      metrics,
      wake: accountId => wake('send', accountId),
      adopt,
      channels: channels.channels,
      runner,
      deadlineMs: channels.deadlineMs,
      random: overrides.random ?? Math.random,
      journal,
      holdsBack: storageFull,
      waitsForTemplate: templates.waitsForTemplate,
      onQueued: templates.onQueued,
      marketingOf: templates.marketingOf,
      files: outgoingFiles({ db, clock, log, uploads, wake }),
      rejected: rejectionHandler(db, { clock }),
      addNumber: (messageId, phone) => addNumberOfRecipient(db, messageId, phone),
    });
    context.onLostCommits(() => void lane.recall());
    // A process that runs no lanes leaves each call to others.
    if (context.config.roles.includes('worker') || isGateway(context)) direct.set(process, lane);
    return [lane];
  },
};

const direct = new WeakMap<Process, DirectSend>();

/** Makes the calls of messages that begin in the COMMIT of their accept. It looks for the lane at each of them. */
export const directSendOf = (process: Process): DirectSend => ({
  begin: (write, claimedOf) => (direct.get(process) ?? noDirectSend).begin(write, claimedOf),
});

/** Queues the claims that the earlier process never called, ends its other calls, and begins our own journal. */
async function takeOverCalls({ engineDb, config, clock, log, runner }: AppContext) {
  const boot = bootOfMachine();
  const earlier = earlierCalls(config.dataDir, boot);
  if (earlier) {
    const concerned = await reconcile(engineDb, earlier.runner, earlier.begun, clock.sqlNow());
    const count = concerned.reduce((sum, { done }) => sum + done, 0);
    if (count > 0) log.info({ count }, 'calls that had never begun are queued again');
  }
  return boot === undefined ? undefined : openCallJournal(config.dataDir, boot, runner, log);
}
