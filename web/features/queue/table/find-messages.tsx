// Finds messages of the queue by the name or number of their person, or one message by its id.
import { ApiError } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Input, SearchMark } from '../../../components/field.tsx';
import { foundContactsQuery } from '../../../data/contacts.ts';
import { useMay } from '../../../data/me.ts';
import { messageQuery } from '../../../data/messages.ts';
import { cx } from '../../../kit/class-names.ts';
import { isSearchable } from '../../../kit/digits.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { useErrorText } from '../../../kit/use-error-text.ts';
import { useSettled } from '../../../kit/use-settled.ts';

const isMessageId = (text: string) => /^msg_[0-9a-z]{26}$/.test(text);

interface Found {
  id: string;
  label: string;
  detail: string | null;
  act: () => void;
}

/** What fits the text; undefined while it is asked for. */
function useFound(text: string, onContact: (id: string) => void): { found: Found[] | undefined; error: unknown } {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const settled = useSettled(text);
  const isId = isMessageId(settled);
  const mayRead = useMay('contacts.read');
  const contacts = useQuery({ ...foundContactsQuery(settled), enabled: mayRead && !isId && isSearchable(settled) });
  const message = useQuery({ ...messageQuery(settled), enabled: isId });
  if (settled !== text) return { found: undefined, error: undefined };
  if (!isId)
    return {
      error: contacts.error,
      found: contacts.data?.data.map(({ id, name, phone }) => ({
        id,
        label: name ?? (phone === null ? id : phoneToRead(phone)),
        detail: name && phone && phoneToRead(phone),
        act: () => onContact(id),
      })),
    };
  const isMissing = message.error instanceof ApiError && message.error.status === 404;
  const one = message.data && {
    id: settled,
    label: t('queue.open'),
    detail: message.data.to && phoneToRead(message.data.to),
    act: () => void navigate({ to: '/messages/$messageId', params: { messageId: settled } }),
  };
  return { found: one ? [one] : isMissing ? [] : undefined, error: isMissing ? undefined : message.error };
}

export function FindMessages({ onContact }: { onContact: (id: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const text = typed.trim();
  const { found, error } = useFound(text, onContact);
  const failure = useErrorText(error);
  const asks = isMessageId(text) || isSearchable(text);
  const choose = (one: Found | undefined) => {
    if (!one) return;
    setTyped('');
    one.act();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setTyped('');
    else if (event.key === 'Enter') choose(found?.[at]);
    else if (event.key === 'ArrowDown') setAt(Math.min(at + 1, (found?.length ?? 1) - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else return;
    event.preventDefault();
  };
  return (
    <div className="relative w-full md:w-72">
      <SearchMark />
      <Input
        type="search"
        role="combobox"
        aria-label={t('queue.find')}
        aria-expanded={asks}
        aria-controls={listId}
        aria-activedescendant={found?.[at] && `${listId}-${at}`}
        autoComplete="off"
        placeholder={t('queue.find')}
        value={typed}
        onChange={event => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
        className="h-control-s! ps-8! text-13"
      />
      <div
        hidden={!asks}
        className="absolute inset-x-0 top-full z-(--z-menu) mt-1 rounded-[8px] bg-raised p-1 text-13 shadow-float"
      >
        <div id={listId} role="listbox" aria-label={t('queue.find')}>
          {found?.map((one, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
            <div
              key={one.id}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onClick={() => choose(one)}
              onMouseMove={() => setAt(index)}
              className={cx(
                'flex h-control cursor-pointer items-center justify-between gap-3 rounded-[5px] px-2',
                index === at && 'bg-active',
              )}
            >
              <bdi className="cut">{one.label}</bdi>
              {one.detail && (
                <bdi dir="ltr" className="num flex-none text-muted">
                  {one.detail}
                </bdi>
              )}
            </div>
          ))}
        </div>
        <p role="status" className={cx('px-2 text-muted', (found === undefined || found.length === 0) && 'py-2')}>
          {error ? failure : found === undefined ? asks && t('state.loading') : null}
          {found?.length === 0 && (isMessageId(text) ? t('queue.findNoMessage') : t('queue.findNothing', { text }))}
        </p>
      </div>
    </div>
  );
}
