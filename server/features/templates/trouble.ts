// Whether a workspace has a template that people can send, for settings that name one.
import type { Queryable } from '../../kit/db/database.ts';
import { sendable } from './check.ts';
import { nearest } from './nearest.ts';
import { everyName, everyNamed } from './store.ts';

/** Which part of the name of a template is wrong, and what to do. */
export interface TemplateTrouble {
  field: 'name' | 'language';
  message: string;
}

/** Why no account of the workspace can send a template to a person; undefined if one can. */
export async function templateTrouble(
  db: Queryable,
  workspaceId: string,
  { name, language }: { name: string; language: string },
): Promise<TemplateTrouble | undefined> {
  const rows = await everyNamed(db, workspaceId, name);
  if (rows.length === 0) {
    const names = nearest(name, await everyName(db, workspaceId));
    const advice =
      names.length === 0
        ? 'Create a template, or read those of WhatsApp with POST /api/v1/templates/sync.'
        : `The most similar ones are ${names.join(', ')}.`;
    return { field: 'name', message: `Is unknown. ${advice}` };
  }
  const inLanguage = rows.filter(row => row.language === language);
  const [first] = inLanguage;
  if (!first) {
    const languages = [...new Set(rows.map(row => row.language))].join(', ');
    return { field: 'language', message: `Must be one of ${languages} for this template.` };
  }
  if (first.category === 'AUTHENTICATION')
    return { field: 'name', message: 'Is for one-time codes. Choose a template of another category.' };
  if (inLanguage.some(({ status }) => sendable.has(status))) return undefined;
  return { field: 'name', message: `Is ${first.status}. Choose an approved template.` };
}
