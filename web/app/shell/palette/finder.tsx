// The field of ⌘K and what fits it: pages, accounts, people, conversations, ids, and what one can do.
import * as Radix from '@radix-ui/react-dialog';
import { Search, X } from 'lucide-react';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/button.tsx';
import { Kbd } from '../../../components/marks.tsx';
import { cx } from '../../../kit/class-names.ts';
import { useErrorText } from '../../../kit/use-error-text.ts';
import { type Entry, firstOfGroups, fits, type PaletteActs, wordsOf } from './entry.ts';
import { useFoundEntries } from './found-entries.ts';
import { useKnownEntries } from './known-entries.ts';

export function Finder(acts: PaletteActs) {
  const { t } = useTranslation();
  const { onClose } = acts;
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const words = wordsOf(text);
  const known = useKnownEntries(words.length > 0, acts).filter(entry => fits(entry, words));
  const asked = useFoundEntries(text);
  const failure = useErrorText(asked.error);
  // An answer that comes late is added at the end: the chosen line stays what it is.
  const found = [...(words.length > 0 ? firstOfGroups(known) : known), ...asked.entries];
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.act();
  };
  const move = (to: number) => {
    const next = (to + found.length) % Math.max(1, found.length);
    setAt(next);
    list.current?.querySelectorAll('[role="option"]')[next]?.scrollIntoView({ block: 'nearest' });
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 0 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    if (step === 0) run(found[at]);
    else move(at + step);
  };
  return (
    <Radix.Content
      data-rise
      aria-describedby={undefined}
      className="w-full max-w-150 overflow-hidden rounded-[12px] bg-raised shadow-float outline-none"
    >
      <Radix.Title className="sr-only">{t('palette.label')}</Radix.Title>
      <div className="flex h-13 items-center gap-2.5 border-b border-border px-4 text-16">
        <Search size={16} strokeWidth={1.75} className="text-faint" aria-hidden="true" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the palette is this field
          autoFocus
          role="combobox"
          aria-label={t('palette.label')}
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found.length > 0 ? `${listId}-${at}` : undefined}
          placeholder={t('palette.label')}
          value={text}
          onChange={event => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={press}
          className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-faint"
        />
        <span className="max-md:hidden">
          <Kbd>Esc</Kbd>
        </span>
        <IconButton icon={X} label={t('action.close')} onClick={onClose} className="-me-2 md:hidden" />
      </div>
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
    </Radix.Content>
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
