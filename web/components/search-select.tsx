// A choice of a long list: who opens it sees all, and who types sees what fits.
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../kit/class-names.ts';
import { Input } from './field.tsx';

export interface SearchOption {
  value: string;
  label: string;
  /** Muted at the end. */
  detail?: string;
}

interface Props {
  /** The name of the list, for screen readers. */
  label: string;
  name?: string;
  value: string;
  /** The value in words. */
  shown: string;
  /** The options that fit a text; all for an empty one. */
  find: (text: string) => readonly SearchOption[];
  onChange: (value: string) => void;
}

export function SearchSelect({ label, name, value, shown, find, onChange }: Props) {
  const { t } = useTranslation();
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  /** The typed text; undefined while the list is closed. */
  const [typed, setTyped] = useState<string>();
  const [at, setAt] = useState(0);
  const isOpen = typed !== undefined;
  const options = isOpen ? find(typed) : [];
  useEffect(() => {
    if (isOpen) list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [isOpen, at]);

  function open(): void {
    if (isOpen) return;
    setTyped('');
    setAt(
      Math.max(
        0,
        find('').findIndex(option => option.value === value),
      ),
    );
  }
  function close(): void {
    setTyped(undefined);
    // The next key begins a search, and does not add to the text.
    requestAnimationFrame(() => field.current?.select());
  }
  function choose(option: SearchOption | undefined): void {
    if (!option) return;
    close();
    onChange(option.value);
  }
  function press(event: KeyboardEvent): void {
    const last = options.length - 1;
    if (event.key === 'ArrowDown') isOpen ? setAt(Math.min(at + 1, last)) : open();
    else if (event.key === 'ArrowUp') isOpen ? setAt(Math.max(at - 1, 0)) : open();
    else if (isOpen && event.key === 'PageDown') setAt(Math.min(at + 8, last));
    else if (isOpen && event.key === 'PageUp') setAt(Math.max(at - 8, 0));
    else if (isOpen && event.key === 'Enter') choose(options[at]);
    else if (isOpen && event.key === 'Escape') close();
    else return;
    event.preventDefault();
  }
  return (
    <div className="relative">
      <Input
        ref={field}
        role="combobox"
        name={name}
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={options[at] && `${listId}-${at}`}
        autoComplete="off"
        spellCheck={false}
        className="select"
        value={typed || (isOpen ? '' : shown)}
        placeholder={shown}
        onChange={event => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onFocus={({ target }) => target.select()}
        onClick={open}
        onKeyDown={press}
        onBlur={() => setTyped(undefined)}
      />
      <div
        hidden={!isOpen}
        className="absolute inset-x-0 top-full z-(--z-menu) mt-1 rounded-[8px] bg-raised p-1 text-13 text-text shadow-float"
      >
        <div ref={list} id={listId} role="listbox" aria-label={label} className="max-h-64 overflow-y-auto">
          {options.map((option, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
            <div
              key={option.value}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              // The field keeps the focus.
              onMouseDown={event => event.preventDefault()}
              onClick={() => choose(option)}
              className={cx(
                'flex h-control cursor-pointer items-center justify-between gap-3 rounded-[5px] px-2 hover:bg-hover',
                index === at && 'bg-active',
              )}
            >
              <bdi className={cx('cut', option.value === value && 'font-medium')}>{option.label}</bdi>
              {option.detail && (
                <bdi dir="ltr" className="num flex-none text-muted">
                  {option.detail}
                </bdi>
              )}
            </div>
          ))}
        </div>
        <p role="status" className={cx('px-2 text-muted', isOpen && options.length === 0 && 'py-2')}>
          {isOpen && options.length === 0 && t('form.nothingFits', { text: typed })}
        </p>
      </div>
    </div>
  );
}
