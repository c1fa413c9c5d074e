import { conversionCheck } from '../../features/media/index.ts';
import {
  acceptMessages,
  batchRoutes,
  codeRoutes,
  type MessageNeeds,
  messageErrors,
  messageRoutes,
} from '../../features/messages/index.ts';
import { busyPace } from '../../kit/db/group-commit.ts';
import { type Feature, type Process, part } from '../feature.ts';
import { directSendOf } from './sending.ts';
import { templatePartsOf } from './templates.ts';

export const messages: Feature = {
  errors: { section: 'Messages', table: messageErrors },
  routes(server, { process }) {
    const needs = messageNeedsOf(process);
    messageRoutes(server, needs);
    batchRoutes(server, needs);
    codeRoutes(server, needs);
  },
};

/** The parts of routes that accept or show messages. */
export const messageNeedsOf = part((process: Process): MessageNeeds => {
  const { context, channels, media, wake } = process;
  const { db, engineDb, clock, metrics, storageFull } = context;
  const accepting = acceptMessages({
    db: engineDb,
    scoped: db,
    clock,
    pace: busyPace,
    channels: channels.channels,
    wake,
    metrics,
    directSend: directSendOf(process),
    templates: templatePartsOf(process).checks,
    cannotConvert: conversionCheck(media.mediaService),
  });
  return { db, clock, accepting, wake, storageFull };
});
