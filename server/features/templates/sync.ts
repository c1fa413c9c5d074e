// Keeps the templates of business accounts as they are at the channel.
import type { Database } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import type { ChannelTemplate, ChannelTemplates } from '../../ports/channel.ts';
import {
  changeTemplate,
  deleteTemplate,
  insertTemplate,
  lockTemplates,
  type ReachedBusiness,
  reachedBusinesses,
} from './store.ts';

/** The templates at the channel of an account; undefined if this process cannot reach them. */
export type TemplatesOf = (account: { accountId: string; channel: string }) => Promise<ChannelTemplates | undefined>;

export interface SyncNeeds {
  /** The engine's connection, which sees all workspaces. */
  db: Database;
  clock: Clock;
  log: Logger;
  templatesOf: TemplatesOf;
  /** Forgets what checks have read. */
  forget: () => void;
}

export interface SyncResult {
  businessId: string;
  /** Undefined if the templates could not be read. */
  templates: number | undefined;
  changed: number;
  error: { code: string; title: string } | undefined;
}

const unreachable = { code: 'not_connected', title: 'The channel of the account is not available.' };

/** Reads the templates of one business account, and stores what is new, changed or gone. */
export async function syncBusiness(needs: SyncNeeds, business: ReachedBusiness): Promise<SyncResult> {
  const { businessId } = business;
  const failed = (error: { code: string; title: string }) => ({ businessId, templates: undefined, changed: 0, error });
  const templates = await needs.templatesOf(business);
  if (!templates) return failed(unreachable);
  const listed = await templates.list(businessId);
  if (listed.class !== 'listed') return failed({ code: listed.code, title: listed.title });
  const changed = await store(needs, business, listed.templates);
  if (changed > 0) needs.forget();
  return { businessId, templates: listed.templates.length, changed, error: undefined };
}

/** Reads the templates of a new account. A failure is only logged: the account itself is saved, and we read again. */
export async function readNewTemplates(needs: SyncNeeds, workspaceId: string, accountId: string): Promise<void> {
  try {
    for (const business of await reachedBusinesses(needs.db, workspaceId, accountId)) {
      const { error } = await syncBusiness(needs, business);
      if (error) needs.log.warn({ business: business.businessId, code: error.code }, 'templates could not be read');
    }
  } catch (err) {
    needs.log.warn({ err }, 'templates could not be read');
  }
}

async function store(
  { db, clock }: SyncNeeds,
  { workspaceId, businessId }: ReachedBusiness,
  listed: ChannelTemplate[],
): Promise<number> {
  const now = clock.sqlNow();
  const keyOf = ({ name, language }: { name: string; language: string }) => `${name} ${language}`;
  return db.transaction(async tx => {
    let changed = 0;
    const known = new Map((await lockTemplates(tx, workspaceId, businessId)).map(row => [keyOf(row), row]));
    for (const template of listed) {
      const row = known.get(keyOf(template));
      known.delete(keyOf(template));
      if (!row) {
        if (await insertTemplate(tx, workspaceId, businessId, template, now)) changed++;
        continue;
      }
      const changes = await changeTemplate(
        tx,
        row,
        {
          channel_template_id: template.channelId ?? row.channel_template_id,
          category: template.category,
          status: template.status,
          reason: template.reason ?? null,
          quality: template.quality ?? row.quality,
          parameter_format: template.parameterFormat,
          components: template.components,
        },
        now,
      );
      if (changes.length > 0) changed++;
    }
    for (const row of known.values()) {
      // A template that was created while the list was on its way is not gone.
      if (row.created_at.getTime() > clock.now() - 60_000 && row.status === 'PENDING') continue;
      await deleteTemplate(tx, row, now);
      changed++;
    }
    return changed;
  });
}

const hour = 3_600_000;
/** How often it looks for business accounts that are due. */
const lookMs = 60_000;

export interface ScheduledSync {
  /** Begins what is due, without waiting for it. */
  begin(): void;
  /** Makes a business account due now. */
  soon(workspaceId: string, businessId: string): void;
  /** Resolves when nothing runs. */
  settled(): Promise<void>;
}

/** Reads the templates of every business account about once an hour, each at its own time, one after the other. */
export function scheduledSync(needs: SyncNeeds, random: () => number): ScheduledSync {
  const next = new Map<string, number>();
  const keyOf = (workspaceId: string, businessId: string) => `${workspaceId} ${businessId}`;
  let running: Promise<void> | undefined;
  let lookAt = 0;
  let stopped = false;

  async function run(): Promise<void> {
    for (const business of await reachedBusinesses(needs.db)) {
      if (stopped) return;
      const key = keyOf(business.workspaceId, business.businessId);
      const due = next.get(key);
      const now = needs.clock.now();
      if (due !== undefined && due <= now) {
        next.set(key, now + hour * (0.8 + 0.4 * random()));
        const { error } = await syncBusiness(needs, business);
        if (error) needs.log.warn({ business: business.businessId, code: error.code }, 'templates could not be read');
      } else next.set(key, due ?? now + random() * hour);
    }
  }

  return {
    begin() {
      const now = needs.clock.now();
      if (running || now < lookAt) return;
      lookAt = now + lookMs;
      running = run()
        .catch(error => needs.log.warn({ err: error }, 'templates could not be synced'))
        .finally(() => {
          running = undefined;
        });
    },
    soon(workspaceId, businessId) {
      next.set(keyOf(workspaceId, businessId), 0);
      lookAt = 0;
    },
    async settled() {
      stopped = true;
      await running;
    },
  };
}
