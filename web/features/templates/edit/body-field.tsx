// The text of the body: a field with formats and variables above it.
import { Bold, Braces, Code, Italic, type LucideIcon, Strikethrough } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../components/button.tsx';
import { directionOf } from '../../../components/field.tsx';
import { useFormat } from '../../../kit/format.ts';
import { nextVariable } from './draft.ts';
import { lengths } from './rules.ts';
import type { DraftState } from './use-draft.ts';

const formats = [
  ['bold', '*', Bold],
  ['italic', '_', Italic],
  ['struck', '~', Strikethrough],
  ['mono', '```', Code],
] as const satisfies readonly (readonly [string, string, LucideIcon])[];

export function BodyField({ state, readOnly }: { state: DraftState; readOnly: boolean }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { draft, set } = state;
  const area = useRef<HTMLTextAreaElement>(null);

  /** Puts a text around the selection, and keeps the selection. */
  function wrap(before: string, after: string): void {
    const { current } = area;
    if (!current) return;
    const { selectionStart: start, selectionEnd: end, value } = current;
    const inner = value.slice(start, end);
    set({ body: `${value.slice(0, start)}${before}${inner}${after}${value.slice(end)}` });
    requestAnimationFrame(() => {
      current.focus();
      current.setSelectionRange(start + before.length, start + before.length + inner.length);
    });
  }

  return (
    <div className="grid gap-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor="template-body" className="text-13 font-medium">
          {t('templates.body')}
        </label>
        <Length used={draft.body.length} most={lengths.body} />
      </div>
      <div className="overflow-hidden rounded-control border border-line bg-surface has-focus-visible:outline-2 has-focus-visible:outline-focus">
        {!readOnly && (
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
            <span className="flex-1" />
            <Button size="small" icon={Braces} onClick={() => wrap(`{{${nextVariable(draft)}}}`, '')}>
              {t('templates.variable')}
            </Button>
          </div>
        )}
        <textarea
          ref={area}
          id="template-body"
          dir={directionOf(draft.body)}
          readOnly={readOnly}
          rows={5}
          value={draft.body}
          aria-describedby="template-body-hint"
          onChange={({ target }) => set({ body: target.value })}
          className="block w-full resize-y bg-transparent px-2.5 py-2 outline-none read-only:bg-sunken"
        />
      </div>
      <p id="template-body-hint" className="text-13 text-muted">
        {t(draft.isNamed ? 'templates.bodyHintNamed' : 'templates.bodyHint', {
          variable: draft.isNamed ? '{{name}}' : '{{1}}',
          most: number(lengths.body),
        })}
      </p>
    </div>
  );
}

/** "72 of 1,024". */
export function Length({ used, most }: { used: number; most: number }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <span className={used > most ? 'num text-12 text-danger' : 'num text-12 text-faint'}>
      {t('templates.ofMost', { used: number(used), most: number(most) })}
    </span>
  );
}
