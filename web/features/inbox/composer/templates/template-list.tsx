// The templates of an account to choose from: a list box with a search, those that can be sent first.
import type { Template } from '@recado/client';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Input } from '../../../../components/field.tsx';
import { shapeOf } from '../../../../components/message/template-shape.ts';
import { cx } from '../../../../kit/class-names.ts';

/** One name with its languages. */
export interface Choice {
  name: string;
  languages: Template[];
}

const waits = new Set(['PENDING', 'PAUSED', 'IN_APPEAL']);
/** Fewer are seen at a glance. */
const searchFrom = 7;

export const isSendable = (template: Template) => template.status === 'APPROVED' && !shapeOf(template).isForPrograms;

/** Templates that can be sent, and templates that soon may be, by name. */
export function choicesOf(templates: readonly Template[]): Choice[] {
  const byName = new Map<string, Template[]>();
  for (const template of templates) {
    const isShown = template.deleted_at === null && (template.status === 'APPROVED' || waits.has(template.status));
    if (isShown && template.category !== 'AUTHENTICATION')
      byName.set(template.name, [...(byName.get(template.name) ?? []), template]);
  }
  const rank = ({ languages }: Choice) => (languages.some(isSendable) ? 0 : 1);
  return [...byName]
    .map(([name, languages]) => ({ name, languages }))
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

interface Props {
  choices: readonly Choice[];
  chosen: string | undefined;
  onChoose: (name: string) => void;
  /** Somebody asked for it: the focus goes there. */
  isAsked: boolean;
  /** Below the list. */
  note: ReactNode;
}

export function TemplateList({ choices, chosen, onChoose, isAsked, note }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [search, setSearch] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const isFirst = useRef(isAsked);
  useEffect(() => {
    if (isFirst.current) list.current?.focus();
  }, []);
  const found = useMemo(() => {
    const text = search.trim().toLowerCase();
    return choices.filter(
      ({ name, languages }) =>
        name.includes(text) || languages.some(each => shapeOf(each).body.toLowerCase().includes(text)),
    );
  }, [choices, search]);

  function move(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = found.findIndex(({ name }) => name === chosen);
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? found.length - 1 : step && at + step;
    const choice = next === undefined ? undefined : found[next];
    if (!choice) return;
    event.preventDefault();
    onChoose(choice.name);
    document.getElementById(`${id}-${choice.name}`)?.scrollIntoView({ block: 'nearest' });
  }

  return (
    <div className="flex min-h-0 min-w-0 flex-col border-b border-border @xl:border-e @xl:border-b-0">
      {choices.length >= searchFrom && (
        <div className="p-1.5 pb-0">
          <Input
            aria-label={t('composer.template.search')}
            placeholder={t('composer.template.search')}
            value={search}
            onChange={({ target }) => setSearch(target.value)}
            className="h-control-s! text-13"
          />
        </div>
      )}
      <div
        ref={list}
        role="listbox"
        tabIndex={0}
        aria-label={t('composer.template.list')}
        aria-activedescendant={chosen === undefined ? undefined : `${id}-${chosen}`}
        onKeyDown={move}
        className="max-h-40 min-h-0 flex-1 overflow-y-auto rounded-card p-1.5 focus-visible:-outline-offset-2 @xl:max-h-none"
      >
        {found.map(choice => (
          <Option
            key={choice.name}
            id={`${id}-${choice.name}`}
            choice={choice}
            isChosen={choice.name === chosen}
            onChoose={() => onChoose(choice.name)}
          />
        ))}
        {found.length === 0 && (
          <p className="px-2 py-3 text-13 text-muted">{t('composer.template.nothing', { text: search })}</p>
        )}
      </div>
      {note}
    </div>
  );
}

interface OptionProps {
  id: string;
  choice: Choice;
  isChosen: boolean;
  onChoose: () => void;
}

function Option({ id, choice, isChosen, onChoose }: OptionProps) {
  const state = useStateWords();
  const sendable = choice.languages.find(isSendable);
  const [first] = choice.languages;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      onClick={onChoose}
      className={cx(
        'grid min-w-0 cursor-pointer rounded-control px-2 py-1.5 hover:bg-hover aria-selected:bg-selected',
        !sendable && 'text-muted',
      )}
    >
      <b className="cut font-mono text-13">{choice.name}</b>
      <bdi className="cut block text-12 text-muted">{sendable ? shapeOf(sendable).body : first && state(first)}</bdi>
    </div>
  );
}

/** Why a template cannot be sent from here; empty if it can. */
export function useStateWords(): (template: Template) => string {
  const { t } = useTranslation();
  return template => {
    if (template.status === 'PAUSED') return t('composer.template.paused');
    if (template.status === 'IN_APPEAL') return t('composer.template.appeal');
    if (template.status !== 'APPROVED') return t('composer.template.review');
    return shapeOf(template).isForPrograms ? t('composer.template.forPrograms') : '';
  };
}
