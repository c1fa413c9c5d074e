// Why a message to a person is barred: the 24-hour window is closed, or the person opted out.
import type { Queryable } from '../../kit/db/database.ts';
import { findOptOut, type OptOutCategory } from '../opt-outs/index.ts';
import { problem } from './errors.ts';

const categories = ['marketing', 'utility', 'authentication'] as const;

export type TemplateCategory = (typeof categories)[number];

/** Whether content of this type needs an open 24-hour window: everything but templates. */
export const needsWindow = (type: string): boolean => type !== 'template';

/** The category of a template, as WhatsApp classes it; undefined for other content. */
export function categoryOf(type: string, content: unknown): TemplateCategory | undefined {
  const category = type === 'template' ? String(Object(content).category).toLowerCase() : undefined;
  return categories.find(each => each === category);
}

/** The error for free-form content outside of the window. */
export const windowClosed = () =>
  problem('window_closed', undefined, {
    fields: [{ field: 'conversation window', message: 'Is closed: the person wrote nothing for 24 hours.' }],
  });

const what: Record<OptOutCategory, string> = { marketing: 'marketing messages', all: 'all messages' };

/** The error for a person who opted out, with the reason. */
export async function optedOut(db: Queryable, to: { workspaceId: string; address: string }) {
  const optOut = await findOptOut(db, to.workspaceId, to.address);
  return problem(
    'opted_out',
    optOut &&
      `The person opted out of ${what[optOut.category]}${optOut.reason === null ? '' : ` (reason: ${optOut.reason})`}. Remove the opt-out with \`DELETE /api/v1/opt-outs/:id\` only if the person agrees.`,
    { fields: [{ field: 'to', message: 'Has opted out.' }] },
  );
}
