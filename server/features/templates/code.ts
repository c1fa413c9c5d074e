// The template message that sends a one-time code.
import type { TemplateContent } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { problem } from './errors.ts';
import { shapeOf } from './shape.ts';
import { authenticationTemplates, type TemplateRow } from './store.ts';

const usualMinutes = 10;

export interface CodeMessage {
  content: TemplateContent;
  /** How long the template says that the code is valid. */
  validForSeconds: number;
}

/** How long the template says that its code is valid, in minutes. */
const minutesOf = ({ components }: TemplateRow): number => {
  const minutes = components.find(part => part.code_expiration_minutes !== undefined)?.code_expiration_minutes;
  return typeof minutes === 'number' ? minutes : usualMinutes;
};

/**
 * The message that sends a code by the named authentication template, or by the first approved one of the account.
 * @throws AppError no_code_template
 */
export async function codeMessage(
  db: Queryable,
  workspaceId: string,
  accountId: string,
  { code, template, language }: { code: string; template?: string | undefined; language?: string | undefined },
): Promise<CodeMessage> {
  const [row] = await authenticationTemplates(db, workspaceId, accountId, template, language);
  if (!row)
    throw problem(
      'no_code_template',
      template === undefined
        ? undefined
        : `The account has no approved template ${template} of the category AUTHENTICATION.`,
      template === undefined ? {} : { fields: [{ field: 'template', message: 'Has no such approved template.' }] },
    );
  const { body, buttons } = shapeOf(row.components);
  const named = row.parameter_format === 'named';
  const index = buttons.findIndex(({ takes }) => takes?.subType === 'url');
  const text = { type: 'text' as const, text: code };
  return {
    validForSeconds: minutesOf(row) * 60,
    content: {
      name: row.name,
      language: { code: row.language },
      components: [
        { type: 'body', parameters: [{ ...text, ...(named && { parameter_name: body.variables[0] }) }] },
        ...(index < 0
          ? []
          : [{ type: 'button' as const, sub_type: 'url' as const, index: String(index), parameters: [text] }]),
      ],
    },
  };
}
