import {
  approvalRoutes,
  campaignErrors,
  campaignHooks,
  campaignLane,
  campaignRoutes,
  foldCounts,
  previewRoutes,
  recipientRoutes,
  resultRoutes,
  ruleRoutes,
} from '../../features/campaigns/index.ts';
import type { Feature, Process } from '../feature.ts';
import { messageNeedsOf } from './messages.ts';

export const campaigns: Feature = {
  errors: { section: 'Campaigns', table: campaignErrors },
  hooks: campaignHooks,
  routes(server, { process }) {
    const { db, clock, storageFull } = process.context;
    const { accepting } = messageNeedsOf(process);
    const needs = {
      db,
      clock,
      wake: (id: string) => process.wake('campaign', id),
      wakeAccount: (id: string) => process.wake('send', id),
      storageFull,
    };
    campaignRoutes(server, needs);
    approvalRoutes(server, { ...needs, hasWindow: hasWindowIn(process) });
    previewRoutes(server, { ...needs, accepting, hasWindow: hasWindowIn(process) });
    resultRoutes(server, needs);
    recipientRoutes(server, needs);
    ruleRoutes(server, needs);
  },
  lanes(process) {
    const { context, wake } = process;
    const { accepting } = messageNeedsOf(process);
    return [
      campaignLane({
        db: context.engineDb,
        clock: context.clock,
        check: (caller, body) => accepting.check(caller, body),
        wakeAccount: id => wake('send', id),
        wake: id => wake('campaign', id),
        hasWindow: hasWindowIn(process),
      }),
    ];
  },
  sweeps: ({ context: { engineDb } }) => [() => foldCounts(engineDb).then(() => undefined)],
};

/** Whether free content on a channel needs an open window; also where the channel is not served here. */
const hasWindowIn =
  ({ channels: { channels } }: Process) =>
  (channel: string): boolean =>
    channels.capabilitiesOf(channel)?.window !== false;
