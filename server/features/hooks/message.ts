// The messages of a hook: in whose name they are, and what they hold.
import type { SendMessageBody } from '@recado/contract';
import { type Caller, callerByItself } from '../../kit/http/routes.ts';
import type { HookRow } from './hook-store.ts';
import type { HookLetter } from './letter.ts';

/** A message without its account and its recipient. */
type Body =
  | (typeof usual & { type: 'text'; text: { body: string } })
  | { priority: 'high'; type: 'template'; template: Extract<SendMessageBody, { type: 'template' }>['template'] };

/** Who wrote it for the log: the person or key that made the hook. */
export const writerOf = (hook: Pick<HookRow, 'created_by_kind' | 'created_by' | 'workspace_id'>): Caller =>
  callerByItself(hook.created_by_kind, hook.created_by, hook.workspace_id);

/** A message of a hook must not wait behind a campaign. */
const usual = { priority: 'high', on_window_closed: 'reject' } as const;

/** The text of a letter, and the template for those whose 24-hour window is closed; undefined where the hook has none. */
export function bodiesOf(
  { template, language, variables }: Pick<HookRow, 'template' | 'language' | 'variables'>,
  letter: HookLetter,
): { text: Body; template: Body | undefined } {
  const text = { ...usual, type: 'text', text: { body: letter.text } } as const;
  if (template === null || language === null) return { text, template: undefined };
  const parameters = (variables ?? []).map(name => ({ type: 'text' as const, text: letter.variables[name] }));
  const content = {
    ...{ name: template, language: { code: language } },
    ...(parameters.length > 0 && { components: [{ type: 'body' as const, parameters }] }),
  };
  return { text, template: { priority: usual.priority, type: 'template', template: content } };
}
