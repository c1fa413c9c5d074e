// Choosing some contacts: a search, a label, and a box for each that fits.
import type { Contact } from '@recado/client';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../components/button.tsx';
import { Input, SearchMark, Select } from '../../components/field.tsx';
import { SkeletonLines } from '../../components/states.tsx';
import { contactIds, contactsQuery } from '../../data/contacts.ts';
import { labelsQuery } from '../../data/labels.ts';
import { useFormat } from '../../kit/format.ts';
import { phoneToRead } from '../../kit/phone.ts';
import { useAction } from '../../kit/use-action.ts';
import { useErrorText } from '../../kit/use-error-text.ts';
import { useSettled } from '../../kit/use-settled.ts';
import { useContactName } from '../inbox/index.ts';

interface Props {
  chosen: ReadonlySet<string>;
  most: number;
  onChange: (chosen: ReadonlySet<string>) => void;
}

export function ContactPicker({ chosen, most, onChange }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const [typed, setTyped] = useState('');
  const [label, setLabel] = useState('');
  const search = useSettled(typed.trim());
  const labels = useQuery(labelsQuery('contact')).data ?? [];
  const filter = { ...(search !== '' && { search }), ...(label !== '' && { label_id: label }) };
  const list = useInfiniteQuery({
    ...contactsQuery({ ...filter, sort: 'name' }),
    placeholderData: keepPreviousData,
  });
  const failure = useErrorText(list.error);
  const takeAll = useAction({
    act: () => contactIds(filter),
    onDone: (ids: string[]) => onChange(new Set([...chosen, ...ids].slice(0, most))),
  });
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    onChange(next);
  };
  const total = list.data?.total;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 text-text">
      <div className="flex flex-wrap gap-2">
        <div className="relative min-w-40 flex-1">
          <SearchMark />
          <Input
            type="search"
            autoFocus
            aria-label={t('contacts.picker.searchPeople')}
            placeholder={t('contacts.picker.searchPeople')}
            autoComplete="off"
            className="ps-8!"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        </div>
        {labels.length > 0 && (
          <Select
            aria-label={t('contacts.picker.label')}
            className="w-auto!"
            value={label}
            onChange={({ target }) => setLabel(target.value)}
          >
            <option value="">{t('contacts.picker.anyLabel')}</option>
            {labels.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </div>
      {failure !== undefined && !list.data && (
        <p role="alert" className="text-13 text-danger">
          {failure}
        </p>
      )}
      {!list.data && failure === undefined && <SkeletonLines />}
      {list.data && (
        <ul
          aria-label={t('contacts.picker.contacts')}
          className="grid max-h-64 grid-cols-[minmax(0,1fr)] overflow-y-auto"
        >
          {list.data.rows.map(contact => (
            <PersonLine
              key={contact.id}
              contact={contact}
              isChosen={chosen.has(contact.id)}
              isOff={chosen.size >= most}
              onChange={on => toggle(contact.id, on)}
            />
          ))}
          {list.data.rows.length === 0 && (
            <li className="py-2 text-13 text-muted">{t('contacts.picker.nobodyFound')}</li>
          )}
        </ul>
      )}
      <div className="flex flex-wrap items-center justify-between gap-3 text-13 text-muted">
        <span role="status">{t('contacts.picker.chosen', { count: chosen.size })}</span>
        {total !== undefined && total !== 0 && (total ?? most + 1) <= most && (
          <LinkButton aria-busy={takeAll.isPending || undefined} onClick={() => takeAll.mutate()}>
            {t('contacts.picker.takeAll', { count: total ?? 0, number: number(total ?? 0) })}
          </LinkButton>
        )}
      </div>
    </div>
  );
}

interface LineProps {
  contact: Contact;
  isChosen: boolean;
  /** No more can be chosen. */
  isOff: boolean;
  onChange: (on: boolean) => void;
}

function PersonLine({ contact, isChosen, isOff, onChange }: LineProps) {
  const nameOf = useContactName();
  const { id, name, phone, user_id, username } = contact;
  return (
    <li>
      <label className="flex cursor-pointer items-start gap-2 py-1">
        <input
          type="checkbox"
          className="check"
          checked={isChosen}
          disabled={isOff && !isChosen}
          onChange={({ target }) => onChange(target.checked)}
        />
        <bdi className="cut flex-1">{nameOf({ id, name, phone, user_id, username })}</bdi>
        {phone !== null && name && (
          <bdi dir="ltr" className="num text-13 text-muted">
            {phoneToRead(phone)}
          </bdi>
        )}
      </label>
    </li>
  );
}
