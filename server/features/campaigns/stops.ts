// Why a campaign stops as a whole, and whether its template may be sent again.
import type { Queryable } from '../../kit/db/database.ts';
import type { AppError } from '../../kit/errors.ts';
import { templatesNamed } from '../templates/index.ts';
import { accountsOf } from './accounts-store.ts';
import type { CampaignRow, StoredReason } from './campaign.ts';

/** The reason to hold a campaign whose message nobody can be sent. */
export function stopOf(error: AppError): StoredReason {
  if (error.code === 'template_not_approved')
    return {
      code: 'template_paused',
      detail: `${error.detail} It goes on by itself once WhatsApp allows the template.`,
      until: null,
    };
  if (error.code === 'template_not_found') return { code: 'template_changed', detail: error.detail, until: null };
  return { code: 'wrong_message', detail: error.detail, until: null };
}

/** The reason to hold a campaign whose list cannot be made: a segment of it was deleted. */
export const withoutAudience = (error: AppError): StoredReason => ({
  code: 'audience_gone',
  detail: `${error.detail} Cancel the campaign, and send a copy to other people.`,
  until: null,
});

const sendable = new Set(['APPROVED', 'FLAGGED']);

/** Whether every account of a campaign that is still there has its templates in a state that WhatsApp sends. */
export async function isTemplateBack(db: Queryable, campaign: CampaignRow): Promise<boolean> {
  for (const { id: accountId } of await accountsOf(db, campaign))
    for (const { message } of campaign.settings.variants) {
      if (!message.template) continue;
      const { name, language } = message.template;
      const rows = await templatesNamed(db, campaign.workspace_id, accountId, name);
      const own = rows.find(row => row.language === language.code);
      if (!own || !sendable.has(own.status)) return false;
    }
  return true;
}
