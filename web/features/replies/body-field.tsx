// The text of a saved reply, with formats and variables above it.
import { replyVariables } from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { Bold, Braces, Italic, type LucideIcon, Strikethrough } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../components/button.tsx';
import { directionOf } from '../../components/field.tsx';
import { Menu, MenuItem } from '../../components/menu.tsx';
import { fieldsQuery } from '../../data/contact-fields.ts';
import { useVariableName } from '../inbox/index.ts';

const formats = [
  ['bold', '*', Bold],
  ['italic', '_', Italic],
  ['struck', '~', Strikethrough],
] as const satisfies readonly (readonly [string, string, LucideIcon])[];

interface Props {
  value: string;
  most: number;
  onChange: (body: string) => void;
  error: ReactNode;
}

export function ReplyBody({ value, most, onChange, error }: Props) {
  const { t } = useTranslation();
  const nameOf = useVariableName();
  const fields = useQuery(fieldsQuery).data ?? [];
  const variables = [...replyVariables, ...fields.map(({ key }) => `field.${key}`)];
  const area = useRef<HTMLTextAreaElement>(null);

  /** Puts a text around the selection, and keeps the selection. */
  function wrap(before: string, after: string): void {
    const { current } = area;
    if (!current) return;
    const { selectionStart: start, selectionEnd: end } = current;
    const inner = value.slice(start, end);
    onChange(`${value.slice(0, start)}${before}${inner}${after}${value.slice(end)}`);
    requestAnimationFrame(() => {
      current.focus();
      current.setSelectionRange(start + before.length, start + before.length + inner.length);
    });
  }

  return (
    <div className="grid gap-1.5">
      <label htmlFor="reply-body" className="text-13 font-medium">
        {t('replies.text')}
      </label>
      <div className="overflow-hidden rounded-control border border-line bg-surface has-focus-visible:outline-2 has-focus-visible:outline-focus">
        <div className="flex items-center gap-0.5 border-b border-border p-1">
          {formats.map(([name, mark, icon]) => (
            <IconButton
              key={name}
              icon={icon}
              size="small"
              label={t(`templates.format.${name}`)}
              onClick={() => wrap(mark, mark)}
            />
          ))}
          <Menu
            label={t('replies.variable')}
            trigger={
              <Button size="small" icon={Braces}>
                {t('replies.variable')}
              </Button>
            }
          >
            {variables.map(name => (
              <MenuItem key={name} end={<code>{name}</code>} onSelect={() => wrap(`{{${name}}}`, '')}>
                {nameOf(name)}
              </MenuItem>
            ))}
          </Menu>
        </div>
        <textarea
          ref={area}
          id="reply-body"
          name="body"
          dir={directionOf(value)}
          rows={6}
          maxLength={most}
          value={value}
          aria-invalid={error ? true : undefined}
          aria-describedby="reply-body-below"
          onChange={({ target }) => onChange(target.value)}
          className="block w-full resize-y bg-transparent px-2.5 py-2 outline-none"
        />
      </div>
      <p
        id="reply-body-below"
        className={error ? 'text-13 text-danger' : 'text-13 text-muted'}
        role={error ? 'alert' : undefined}
      >
        {error || t('replies.textHint', { variable: '{{contact.first_name|there}}' })}
      </p>
    </div>
  );
}
