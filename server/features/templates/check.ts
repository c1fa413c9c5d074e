// Checks a template message against the approved template, before the message is accepted.
import type { MessageContent, TemplateContent } from '@recado/contract';
import type { Database } from '../../kit/db/database.ts';
import { type AppError, commonProblem } from '../../kit/errors.ts';
import { fieldsInWords } from '../../kit/http/routes.ts';
import { inStoredOrder } from '../../kit/text/stored-order.ts';
import type { Clock } from '../../kit/time.ts';
import { problem } from './errors.ts';
import { nearest } from './nearest.ts';
import { parameterErrors, renderedText } from './parameters.ts';
import { shapeOf, type TemplateShape } from './shape.ts';
import { knownNames, type TemplateRow, templatesNamed } from './store.ts';

/** How long a process may use what it has read: another process does not tell it about a change. */
const keptMs = 2_000;
const mostKept = 5_000;

/** The states in which WhatsApp sends a template. */
export const sendable: ReadonlySet<string> = new Set(['APPROVED', 'FLAGGED']);

/** A template that can be sent. */
interface Known {
  row: TemplateRow;
  shape: TemplateShape;
  readAt: number;
}

/** The content to store, with the rendered text, and why the message cannot be sent. */
export interface CheckedTemplate {
  content: MessageContent<'template'>;
  trouble: AppError | undefined;
}

export interface TemplateChecks {
  /** Checks the content of a message of an account. Never throws a problem of the request. */
  check(workspaceId: string, accountId: string, content: TemplateContent): Promise<CheckedTemplate>;
  /** Forgets what was read, after a change. */
  forget(): void;
}

const nameField = 'template.name';
const codeField = 'template.language.code';

/** Creates the check. Approved templates are kept in memory for a moment, so that most checks ask no database. */
export function templateChecks(db: Database, clock: Clock): TemplateChecks {
  const kept = new Map<string, Known>();

  async function find(workspaceId: string, accountId: string, content: TemplateContent): Promise<Known | AppError> {
    const { name, language } = content;
    const key = JSON.stringify([workspaceId, accountId, name, language.code]);
    const known = kept.get(key);
    if (known && clock.now() >= known.readAt && clock.now() < known.readAt + keptMs) return known;
    kept.delete(key);
    const readAt = clock.now();
    const rows = await templatesNamed(db, workspaceId, accountId, name);
    const row = rows.find(each => each.language === language.code);
    if (!row) return unknown(workspaceId, accountId, name, rows);
    if (!sendable.has(row.status)) return notApproved(row);
    if (kept.size >= mostKept) kept.clear();
    const read = { row, shape: shapeOf(row.components), readAt };
    kept.set(key, read);
    return read;
  }

  async function unknown(workspaceId: string, accountId: string, name: string, rows: TemplateRow[]): Promise<AppError> {
    if (rows.length > 0) {
      const languages = rows.map(row => row.language).join(', ');
      return problem('template_not_found', `The template ${name} exists only in these languages: ${languages}.`, {
        fields: [{ field: codeField, message: `Must be one of ${languages} for this template.` }],
      });
    }
    const names = nearest(name, await knownNames(db, workspaceId, accountId));
    const advice =
      names.length === 0
        ? 'The account has no approved templates. Create one, or read them from WhatsApp with POST /api/v1/templates/sync.'
        : `The most similar ones are ${names.join(', ')}.`;
    return problem('template_not_found', `The account has no template ${name}. ${advice}`, {
      fields: [{ field: nameField, message: `Is unknown. ${advice}` }],
    });
  }

  return {
    async check(workspaceId, accountId, content) {
      const found = await find(workspaceId, accountId, content);
      if (found instanceof Error) return { content, trouble: found };
      const { row, shape } = found;
      const named = row.parameter_format === 'named';
      const fields = parameterErrors(shape, named, content);
      const text = renderedText(shape, named, content);
      return {
        content: inStoredOrder({ ...content, category: row.category, text }) as MessageContent<'template'>,
        trouble: fields.length > 0 ? commonProblem('invalid_request', fieldsInWords(fields), { fields }) : undefined,
      };
    },
    forget: () => kept.clear(),
  };
}

function notApproved({ name, language, status, reason }: TemplateRow): AppError {
  const why = reason === null ? '' : ` The reason is ${reason}.`;
  return problem(
    'template_not_approved',
    `The template ${name} (${language}) is ${status} and cannot be sent now.${why}`,
    { fields: [{ field: nameField, message: `Is ${status}. Only an approved template can be sent.` }] },
  );
}
