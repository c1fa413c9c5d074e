import { noteNumberNotices } from '../../features/accounts/index.ts';
import { followUserIds } from '../../features/identity/index.ts';
import {
  deadLetterRoutes,
  deleteExpiredInbound,
  inboundErrors,
  readLane,
  readRoutes,
  receiveLane,
  typingRoutes,
  webhookRoutes,
} from '../../features/inbound/index.ts';
import { every, type Feature, hour } from '../feature.ts';
import { failureHandlers, noticeOptOuts } from './failure-handlers.ts';
import { messageNeedsOf } from './messages.ts';
import { templatePartsOf } from './templates.ts';

/** How long receipts wait for others under load, in milliseconds. */
const defaultReceivePaceMs = 40;

export const inbound: Feature = {
  errors: { section: 'Dead letters and raw webhooks', table: inboundErrors },
  routes(server, { process, limits }) {
    const { context, channels, wake } = process;
    const { db, engineDb, clock } = context;
    readRoutes(server, messageNeedsOf(process));
    typingRoutes(server, messageNeedsOf(process));
    deadLetterRoutes(server, { db, engineDb, clock, apps: channels.apps.configured, wake });
    webhookRoutes(server, { db: engineDb, clock, apps: channels.apps, wake, limits });
  },
  lanes(process) {
    const { context, channels, wake } = process;
    const { engineDb: db, overrides, clock, log, metrics } = context;
    const needs = { clock };
    return [
      receiveLane({
        db,
        clock,
        log,
        metrics,
        apps: channels.apps,
        wake,
        paceMs: overrides.receivePaceMs ?? defaultReceivePaceMs,
        noticeHandlers: [noteNumberNotices, followUserIds, noticeOptOuts(needs), templatePartsOf(process).notices],
        receiptHandlers: failureHandlers(needs),
      }),
      readLane({ db, clock, log, channels: channels.channels }),
    ];
  },
  sweeps(process) {
    const { engineDb, clock } = process.context;
    return [every(hour, process, () => deleteExpiredInbound(engineDb, clock.sqlNow()))];
  },
};
