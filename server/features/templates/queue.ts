// Holds the queued messages of a template that WhatsApp does not send for now, and releases them afterwards.
import type { Database, Queryable } from '../../kit/db/database.ts';
import {
  changeTemplate,
  doubtQueue,
  lockForAccount,
  markApplied,
  pausedTemplates,
  type Unapplied,
  unappliedTemplates,
} from './store.ts';

/** The states that can end: messages wait for their end. In all others a call shows what becomes of a message. */
const passing: ReadonlySet<string> = new Set(['PAUSED', 'REJECTED', 'PENDING', 'IN_APPEAL']);

export interface QueueNeeds {
  db: Queryable;
  /** Holds or releases the messages of an account that use the template. */
  move: (
    what: 'hold_template' | 'release_template',
    accountId: string,
    template: Pick<Unapplied, 'name' | 'language'>,
  ) => Promise<number>;
}

/** Makes the queue fit the templates that have changed. Quick if none has. */
export async function applyTemplateStates({ db, move }: QueueNeeds): Promise<void> {
  for (const template of await unappliedTemplates(db)) {
    const waits = passing.has(template.status) && !template.isDeleted;
    for (const { id, holds } of template.accounts)
      await move(waits && holds ? 'hold_template' : 'release_template', id, template);
    await markApplied(db, template);
  }
}

/**
 * Holds messages that were just queued and use a template that is paused: their time came during the pause. In the
 * transaction that queues them, so that no call begins.
 */
export async function holdPaused({ db, move }: QueueNeeds, accounts: readonly string[]): Promise<void> {
  for (const template of await pausedTemplates(db, accounts, [...passing])) {
    const held = await move('hold_template', template.accountId, template);
    // The pause may end at this moment: the next sweep looks again.
    if (held > 0) await doubtQueue(db, template.id);
  }
}

/** Why a template is paused that a call found to be so. */
const foundPaused = '132015';

/**
 * Notes that WhatsApp refused a message because its template is paused. Returns whether the message waits: the account
 * holds such messages, and the template is known.
 */
export async function notePaused(
  db: Database,
  accountId: string,
  content: unknown,
  now: Date | null,
): Promise<boolean> {
  const { name, language } = content as { name?: unknown; language?: { code?: unknown } };
  const code = language?.code;
  if (typeof name !== 'string' || typeof code !== 'string') return false;
  return db.transaction(async tx => {
    const found = await lockForAccount(tx, accountId, name, code);
    if (!found) return false;
    await changeTemplate(tx, found.row, { status: 'PAUSED', reason: foundPaused }, now);
    await doubtQueue(tx, found.row.id);
    return found.holds;
  });
}
