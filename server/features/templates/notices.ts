// What notices of the channel say about templates: their states, quality, category and text.
import type { Queryable } from '../../kit/db/database.ts';
import { changeTemplate, lockNamed, type TemplateRow, type TemplateState } from './store.ts';

/** A notice of the channel about a business account. */
interface Notice {
  field: string;
  businessId: string | undefined;
  workspaceId: string;
  value: Record<string, unknown>;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** A template id, also where JSON has it as a number. */
const idOf = (value: unknown): string | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : text(value);

/** The states that a status notice reports under another name than the template itself has. */
const statusOf: Record<string, string> = { REINSTATED: 'APPROVED', UNPAUSED: 'APPROVED' };

function reasonOf(value: Record<string, unknown>): string | null {
  const other = value.other_info as { title?: unknown } | null | undefined;
  const words = [text(value.reason), text(other?.title)].filter(each => each !== undefined && each !== 'NONE');
  return words.length === 0 ? null : words.join(', ').slice(0, 500);
}

/** The new values that a notice gives a template; undefined for a notice about something else. */
function stateOf({ field, value }: Notice, row: TemplateRow): TemplateState | undefined {
  switch (field) {
    case 'message_template_status_update': {
      const event = text(value.event)?.toUpperCase();
      if (event === undefined) return undefined;
      const status = statusOf[event] ?? event;
      return {
        status,
        reason: status === 'APPROVED' ? null : reasonOf(value),
        category: text(value.message_template_category)?.toUpperCase() ?? row.category,
      };
    }
    case 'message_template_quality_update':
      return { quality: text(value.new_quality_score) ?? row.quality };
    case 'template_category_update':
      // Without the earlier category it warns of a change that comes in 24 hours.
      if (text(value.previous_category) === undefined) return undefined;
      return { category: text(value.new_category)?.toUpperCase() ?? row.category };
    case 'message_template_components_update':
      return { components: withTexts(row.components, value) };
    default:
      return undefined;
  }
}

/** The components with the texts of the notice, which names only those. */
function withTexts(components: Record<string, unknown>[], value: Record<string, unknown>): Record<string, unknown>[] {
  const texts: Record<string, string | undefined> = {
    HEADER: text(value.message_template_title),
    BODY: text(value.message_template_element),
    FOOTER: text(value.message_template_footer),
  };
  return components.map(component => {
    const said = texts[String(component.type).toUpperCase()];
    return said === undefined || typeof component.text !== 'string' ? component : { ...component, text: said };
  });
}

const isState = ({ field }: Notice): boolean => field === 'message_template_status_update';

/** What hears of notices about templates. */
export interface NoticeNeeds {
  /** Drops what checks have read. */
  forget: () => void;
  /** Reads the templates of a business account soon: it has one that is unknown here, or unknown text. */
  syncSoon: (workspaceId: string, businessId: string) => void;
}

/** Applies notices about templates in the transaction that stores them. */
export const templateNotices =
  ({ forget, syncSoon }: NoticeNeeds) =>
  async (tx: Queryable, notices: Notice[], now: Date | null): Promise<void> => {
    let changed = false;
    const done = new Set<string>();
    for (const notice of notices) {
      const { value, workspaceId, businessId } = notice;
      const name = text(value.message_template_name);
      const language = text(value.message_template_language);
      if (businessId === undefined || name === undefined || language === undefined) continue;
      // The notice comes once for each number of the business account.
      const once = JSON.stringify([workspaceId, businessId, notice.field, value]);
      if (done.has(once)) continue;
      done.add(once);
      const channelId = idOf(value.message_template_id);
      const row = await lockNamed(tx, workspaceId, businessId, { channelId, name, language });
      // The channel writes the text of authentication templates, and tells it only to those who list them.
      if (!row || (row.category === 'AUTHENTICATION' && isState(notice))) syncSoon(workspaceId, businessId);
      const state = row && stateOf(notice, row);
      if (!state) continue;
      const wanted = { ...state, channel_template_id: row.channel_template_id ?? channelId ?? null };
      if ((await changeTemplate(tx, row, wanted, now)).length > 0) changed = true;
    }
    if (changed) forget();
  };
