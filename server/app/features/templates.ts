import { fileOpener } from '../../features/media/index.ts';
import { moveTemplateMessages, type OnQueued } from '../../features/queue/index.ts';
import {
  applyTemplateStates,
  holdPaused,
  marketingRoutes,
  notePaused,
  type QueueNeeds,
  type ScheduledSync,
  type SyncNeeds,
  scheduledSync,
  type TemplateChecks,
  templateChecks,
  templateErrors,
  templateHooks,
  templateNotices,
  templateRoutes,
} from '../../features/templates/index.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { CredentialsError } from '../../ports/channel.ts';
import { type Feature, type Process, part } from '../feature.ts';

export const templates: Feature = {
  errors: { section: 'Templates', table: templateErrors },
  hooks: templateHooks,
  routes(server, { process }) {
    const { context, media } = process;
    const openSample = fileOpener(context.engineDb, media.mediaService);
    templateRoutes(server, { db: context.db, sync: templatePartsOf(process).sync, openSample });
  },
  sweeps: process => [templatePartsOf(process).sweep],
};

export interface TemplateParts {
  checks: TemplateChecks;
  sync: SyncNeeds;
  /** Applies notices of the channel. */
  notices: ReturnType<typeof templateNotices>;
  /** Whether a message waits that WhatsApp refused because its template is paused. */
  waitsForTemplate: (accountId: string, content: unknown) => Promise<boolean>;
  /** Holds messages of templates that are paused when their time comes. */
  onQueued: OnQueued;
  /** How a template goes to the channel's endpoint for marketing. */
  marketingOf: ReturnType<typeof marketingRoutes>;
  /** A task of each sweep. */
  sweep: () => Promise<void>;
}

export const templatePartsOf = part(({ context, channels: { channels } }: Process): TemplateParts => {
  const { engineDb: db, overrides, clock, log, closers } = context;
  const checks = templateChecks(db, clock);
  const mover =
    (on: Queryable): QueueNeeds['move'] =>
    (what, accountId, template) =>
      moveTemplateMessages(on, what, accountId, template, clock.sqlNow());
  const sync: SyncNeeds = {
    db,
    clock,
    log,
    forget: checks.forget,
    async templatesOf(account) {
      if (!channels.capabilitiesOf(account.channel)) return undefined;
      try {
        return (await channels.of(account)).templates;
      } catch (error) {
        if (error instanceof CredentialsError) return undefined;
        throw error;
      }
    },
  };
  const scheduled: ScheduledSync = scheduledSync(sync, overrides.random ?? Math.random);
  closers.push(scheduled.settled);
  return {
    checks,
    sync,
    notices: templateNotices({ forget: checks.forget, syncSoon: scheduled.soon }),
    marketingOf: marketingRoutes(db, clock),
    async waitsForTemplate(accountId, content) {
      const waits = await notePaused(db, accountId, content, clock.sqlNow());
      checks.forget();
      return waits;
    },
    onQueued: (tx, accounts) => holdPaused({ db: tx, move: mover(tx) }, accounts),
    async sweep() {
      scheduled.begin();
      await applyTemplateStates({ db, move: mover(db) });
    },
  };
});
