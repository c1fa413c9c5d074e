// The text of a note, and the list of people that `@` opens.
import type { Conversation } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type Ref, useId, useImperativeHandle, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../../components/marks.tsx';
import { useMe } from '../../../data/me.ts';
import { allPeopleQuery } from '../../../data/people.ts';
import { cx } from '../../../kit/class-names.ts';
import { useEnterSends } from '../../../kit/enter-key.ts';
import { pasteFiles } from '../composer/files/attach-button.tsx';
import { TextArea } from '../composer/text-area.tsx';
import { fitting, mentionedIn, typedMention } from './mentions.ts';

const mostShown = 6;

/** The people whom a note of a conversation may name, and those who may not see it. */
export function useMentionable({ account_id: account }: Pick<Conversation, 'account_id'>) {
  const people = (useQuery(allPeopleQuery).data?.rows ?? []).filter(({ disabled }) => !disabled);
  const sees = ({ account_ids: accounts }: (typeof people)[number]) => accounts === null || accounts.includes(account);
  return { able: people.filter(sees), strangers: people.filter(person => !sees(person)) };
}

interface Props {
  conversation: Pick<Conversation, 'account_id'>;
  value: string;
  label: string;
  onText: (text: string) => void;
  onSave: () => void;
  onClose: () => void;
  /** Files are pasted. Undefined: the person may not upload any. */
  onFiles?: ((files: Iterable<File>) => void) | undefined;
  ref?: Ref<HTMLTextAreaElement>;
}

export function NoteField({ conversation, value, label, onText, onSave, onClose, onFiles, ref }: Props) {
  const { t } = useTranslation();
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => area.current as HTMLTextAreaElement);
  const listId = useId();
  const enterSends = useEnterSends();
  const { able, strangers } = useMentionable(conversation);
  const me = useMe().person?.id;
  /** What is typed of a name; undefined while the list is closed. */
  const [typing, setTyping] = useState<{ from: number; typed: string }>();
  const [at, setAt] = useState(0);
  // Nobody has to be told of their own note.
  const others = able.filter(({ id }) => id !== me);
  const options = typing ? fitting(others, typing.typed).slice(0, mostShown) : [];
  const stranger = mentionedIn(value, strangers)[0];

  const look = () => {
    const cursor = area.current?.selectionStart ?? 0;
    const mention = typedMention(area.current?.value ?? '', cursor);
    // A name with a space behind it is whole.
    const isWhole = able.some(({ name }) => mention?.typed === `${name} `);
    setTyping(isWhole ? undefined : mention);
    setAt(0);
  };

  function choose(name: string): void {
    const { current } = area;
    if (!current || !typing) return;
    current.focus();
    current.setRangeText(`@${name} `, typing.from, current.selectionStart, 'end');
    current.dispatchEvent(new Event('input', { bubbles: true }));
    setTyping(undefined);
  }

  function press(event: KeyboardEvent): void {
    const option = options[at];
    if (option && event.key === 'ArrowDown') setAt((at + 1) % options.length);
    else if (option && event.key === 'ArrowUp') setAt((at + options.length - 1) % options.length);
    else if (option && (event.key === 'Enter' || event.key === 'Tab')) choose(option.name);
    else if (option && event.key === 'Escape') setTyping(undefined);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className="relative">
      {options.length > 0 && (
        <div
          id={listId}
          role="listbox"
          aria-label={t('inbox.note.people')}
          className="absolute start-2 bottom-full z-(--z-menu) mb-1 w-64 max-w-[calc(100%-16px)] rounded-[8px] bg-raised p-1 text-13 text-text shadow-float"
        >
          {options.map((person, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field below has the keys
            <div
              key={person.id}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              // The field keeps the focus.
              onMouseDown={event => event.preventDefault()}
              onClick={() => choose(person.name)}
              className={cx(
                'flex h-control cursor-pointer items-center gap-2 rounded-[5px] px-2 hover:bg-hover',
                index === at && 'bg-active',
              )}
            >
              <Avatar name={person.name} size="small" />
              <bdi className="cut">{person.name}</bdi>
            </div>
          ))}
        </div>
      )}
      <TextArea
        ref={area}
        value={value}
        onText={text => {
          onText(text);
          look();
        }}
        onPaste={event => onFiles && pasteFiles(event, onFiles)}
        onSelect={look}
        onBlur={() => setTyping(undefined)}
        enterSends={enterSends}
        onSend={onSave}
        onKeyDown={press}
        aria-label={label}
        aria-controls={options.length > 0 ? listId : undefined}
        aria-activedescendant={options[at] && `${listId}-${at}`}
        aria-describedby={`${listId}-why`}
        placeholder={t('inbox.note.placeholder')}
      />
      <p id={`${listId}-why`} role="status" className="px-3.5 text-13 text-danger empty:hidden">
        {stranger && t('inbox.note.mayNotSee', { name: stranger.name })}
      </p>
    </div>
  );
}
