// Templates by name: one line for all languages of a business account.
import type { Template } from '@recado/client';
import type { TemplatesSearch } from '../search.ts';

export interface TemplateGroup {
  /** Of the business account and the name. */
  id: string;
  name: string;
  /** The language that needs somebody most; else the newest. */
  first: Template;
  /** By language. */
  languages: readonly Template[];
}

/** States that need somebody come first. */
const urgency = ['REJECTED', 'DISABLED', 'PAUSED', 'FLAGGED', 'IN_APPEAL', 'PENDING'];
const rank = ({ status }: Template) => {
  const at = urgency.indexOf(status);
  return at === -1 ? urgency.length : at;
};

/** The groups of templates that were not deleted, in the order of the list. */
export function groupsOf(templates: readonly Template[]): TemplateGroup[] {
  const groups = new Map<string, Template[]>();
  for (const template of templates) {
    if (template.deleted_at !== null) continue;
    const id = `${template.business_account_id} ${template.name}`;
    groups.set(id, [...(groups.get(id) ?? []), template]);
  }
  return [...groups].map(([id, all]) => {
    const [first] = [...all].sort((a, b) => rank(a) - rank(b)) as [Template];
    const languages = [...all].sort((a, b) => (a.language < b.language ? -1 : 1));
    return { id, name: first.name, first, languages };
  });
}

/** The text of the body; empty where WhatsApp writes it. */
export function bodyOf({ components }: Template): string {
  const body = components.find(({ type }) => String(type).toUpperCase() === 'BODY');
  return typeof body?.text === 'string' ? body.text : '';
}

/** Whether a group fits the filters: its state is that of a language of it. */
export const fits = ({ name, languages }: TemplateGroup, { state, text }: TemplatesSearch): boolean => {
  const words = text?.trim().toLowerCase() ?? '';
  const isInState = state === undefined || languages.some(each => each.status === state);
  return isInState && (name.includes(words) || languages.some(each => bodyOf(each).toLowerCase().includes(words)));
};
