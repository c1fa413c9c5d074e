// What fits the field of the palette: pages, accounts, people, conversations, ids, and what one can do.
import { type RefObject, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../../../kit/class-names.ts';
import { useErrorText } from '../../../kit/use-error-text.ts';
import { type Entry, firstOfGroups, fits, type PaletteActs, type ResultKeys, wordsOf } from './entry.ts';
import { useFoundEntries } from './found-entries.ts';
import { useKnownEntries } from './known-entries.ts';

interface Props {
  text: string;
  acts: PaletteActs;
  listId: string;
  /** The keys of the field, as long as there are results. */
  keys: RefObject<ResultKeys | null>;
  /** Names the chosen line to the field. */
  onChosen: (id: string | undefined) => void;
}

export function Results({ text, acts, listId, keys, onChosen }: Props) {
  const { t } = useTranslation();
  const [choice, setChoice] = useState({ text, index: 0 });
  const list = useRef<HTMLDivElement>(null);
  // Other words have other lines, and the first of them is chosen.
  const at = choice.text === text ? choice.index : 0;
  const setAt = (index: number) => setChoice({ text, index });
  const words = wordsOf(text);
  const known = useKnownEntries(words.length > 0, acts).filter(entry => fits(entry, words));
  const asked = useFoundEntries(text);
  const failure = useErrorText(asked.error);
  // An answer that comes late is added at the end: the chosen line stays what it is.
  const found = [...(words.length > 0 ? firstOfGroups(known) : known), ...asked.entries];
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    acts.onClose();
    entry.act();
  };
  const move = (by: number) => {
    const next = (at + by + found.length) % Math.max(1, found.length);
    setAt(next);
    list.current?.querySelectorAll('[role="option"]')[next]?.scrollIntoView({ block: 'nearest' });
  };
  useImperativeHandle(keys, () => ({ move, run: () => run(found[at]) }));
  const chosen = found.length > 0 ? `${listId}-${at}` : undefined;
  useEffect(() => onChosen(chosen), [chosen, onChosen]);
  return (
    <>
      <div
        ref={list}
        id={listId}
        role="listbox"
        aria-label={t('palette.label')}
        className="max-h-[50vh] overflow-y-auto p-1.5"
      >
        {found.map((entry, index) => (
          <Option
            key={`${entry.group} ${entry.id}`}
            id={`${listId}-${index}`}
            entry={entry}
            isFirst={entry.group !== found[index - 1]?.group}
            isAt={index === at}
            onPick={() => run(entry)}
            onPoint={() => setAt(index)}
          />
        ))}
      </div>
      <div role="status" className="px-4 text-13 text-muted">
        {asked.isLoading && (
          <p className="flex items-center gap-2 pt-1 pb-3">
            <span className="spin text-accent-text" aria-hidden="true" />
            {t('palette.searching')}
          </p>
        )}
        {!asked.isLoading && failure ? <p className="pt-1 pb-3 text-danger">{failure}</p> : null}
        {!asked.isLoading && !asked.error && found.length === 0 && (
          <p className="pt-1 pb-5 text-14">{t('palette.nothing', { text: text.trim() })}</p>
        )}
      </div>
    </>
  );
}

interface OptionProps {
  id: string;
  entry: Entry;
  isFirst: boolean;
  isAt: boolean;
  onPick: () => void;
  onPoint: () => void;
}

function Option({ id, entry, isFirst, isAt, onPick, onPoint }: OptionProps) {
  const Icon = entry.icon;
  return (
    <>
      {isFirst && (
        <div role="presentation" className="px-2 pt-1.5 pb-1 text-12 font-medium text-faint">
          {entry.group}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys */}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={isAt}
        onClick={onPick}
        onMouseMove={onPoint}
        className={cx('flex h-control cursor-pointer items-center gap-2.5 rounded-[5px] px-2', isAt && 'bg-active')}
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="text-muted" />
        <span className="cut">
          <bdi>{entry.label}</bdi>
        </span>
        {entry.detail !== undefined && (
          <span className="cut ms-auto max-w-1/2 flex-none text-13 text-muted">
            <bdi>{entry.detail}</bdi>
          </span>
        )}
      </div>
    </>
  );
}
