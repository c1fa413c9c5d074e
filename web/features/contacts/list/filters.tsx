// The filters above the list. Each is in the address.
import { useQuery } from '@tanstack/react-query';
import { List, Plus, Users } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Chip, Chips } from '../../../components/choose.tsx';
import { Input, SearchMark, Select } from '../../../components/field.tsx';
import { LabelMark } from '../../../components/label-pill.tsx';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import { fieldsQuery } from '../../../data/contact-fields.ts';
import { type ContactFilter, contactCountQuery } from '../../../data/contacts.ts';
import { labelsQuery } from '../../../data/labels.ts';
import { segmentsQuery } from '../../../data/segments.ts';
import { useFormat } from '../../../kit/format.ts';
import { useSettled } from '../../../kit/use-settled.ts';
import { FieldDialog } from './field-dialog.tsx';
import type { ContactsSearch } from './search.ts';

interface Props {
  search: ContactsSearch;
  onChange: (change: Partial<ContactsSearch>) => void;
}

const none = { label: undefined, segment: undefined, field: undefined, opted_out: undefined, unread: undefined };
const sorts = ['name', 'last_message', 'created'] as const;

export function Filters({ search, onChange }: Props) {
  const { t } = useTranslation();
  const isAll = !search.label && !search.segment && !search.field && !search.opted_out && !search.unread;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <SearchField search={search} onChange={onChange} />
      <Chips label={t('contacts.filters')}>
        <Chip pressed={isAll} count={useShownCount({})} onClick={() => onChange(none)}>
          {t('contacts.all')}
        </Chip>
        <Chip
          pressed={!!search.unread}
          count={useShownCount({ unread: true })}
          onClick={() => onChange({ unread: search.unread ? undefined : true })}
        >
          {t('contacts.unread')}
        </Chip>
        <Chip
          pressed={!!search.opted_out}
          count={useShownCount({ opted_out: true })}
          onClick={() => onChange({ opted_out: search.opted_out ? undefined : true })}
        >
          {t('contacts.optedOutChip')}
        </Chip>
        <LabelChip search={search} onChange={onChange} />
        <SegmentChip search={search} onChange={onChange} />
        <FieldChip search={search} onChange={onChange} />
      </Chips>
      <Select
        aria-label={t('contacts.order')}
        className="h-control-s! w-auto! text-13 md:ms-auto"
        value={search.sort ?? 'name'}
        onChange={({ target }) => onChange({ sort: sorts.find(sort => sort === target.value) })}
      >
        {sorts.map(sort => (
          <option key={sort} value={sort}>
            {t(`contacts.sort.${sort}`)}
          </option>
        ))}
      </Select>
    </div>
  );
}

/** How many contacts fit one filter alone. */
function useShownCount(filter: ContactFilter): string | undefined {
  const { number } = useFormat();
  const { data } = useQuery(contactCountQuery(filter));
  if (data === undefined) return undefined;
  return data === null ? `${number(10_000)}+` : number(data);
}

function SearchField({ search, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(search.q ?? '');
  const settled = useSettled(typed.trim());
  const q = settled === '' ? undefined : settled.slice(0, 100);
  // Once it has rested, the text goes into the address.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onChange` is new for each address
  useEffect(() => {
    if (q !== search.q) onChange({ q });
  }, [q]);
  return (
    <div className="relative w-full md:w-60">
      <SearchMark />
      <Input
        type="search"
        aria-label={t('contacts.search')}
        placeholder={t('contacts.search')}
        autoComplete="off"
        className="ps-8!"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
    </div>
  );
}

const Add = ({ children }: { children: ReactNode }) => (
  <>
    <Plus size={14} aria-hidden="true" />
    {children}
  </>
);

function LabelChip({ search, onChange }: Props) {
  const { t } = useTranslation();
  const labels = useQuery(labelsQuery('contact')).data ?? [];
  const chosen = labels.find(({ id }) => id === search.label);
  if (search.label)
    return (
      <Chip pressed removable onClick={() => onChange({ label: undefined })}>
        {chosen ? <bdi>{chosen.name}</bdi> : t('labels.label')}
      </Chip>
    );
  if (labels.length === 0) return null;
  return (
    <Menu
      label={t('labels.label')}
      trigger={
        <Chip pressed={false} adds>
          <Add>{t('labels.label')}</Add>
        </Chip>
      }
    >
      {labels.map(label => (
        <MenuItem key={label.id} onSelect={() => onChange({ label: label.id })}>
          <span className="flex items-center gap-2">
            <LabelMark color={label.color} />
            <bdi>{label.name}</bdi>
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
}

function SegmentChip({ search, onChange }: Props) {
  const { t } = useTranslation();
  const segments = useQuery(segmentsQuery).data ?? [];
  const chosen = segments.find(({ id }) => id === search.segment);
  if (search.segment)
    return (
      <Chip pressed removable onClick={() => onChange({ segment: undefined })}>
        {chosen ? <bdi>{chosen.name}</bdi> : t('segments.chip')}
      </Chip>
    );
  if (segments.length === 0) return null;
  return (
    <Menu
      label={t('segments.chip')}
      trigger={
        <Chip pressed={false} adds>
          <Add>{t('segments.chip')}</Add>
        </Chip>
      }
    >
      {segments.map(({ id, name, kind }) => (
        <MenuItem key={id} icon={kind === 'list' ? List : Users} onSelect={() => onChange({ segment: id })}>
          <bdi>{name}</bdi>
        </MenuItem>
      ))}
    </Menu>
  );
}

function FieldChip({ search, onChange }: Props) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const fields = useQuery(fieldsQuery).data ?? [];
  if (search.field) {
    const [key, ...value] = search.field.split(':');
    const name = fields.find(field => field.key === key)?.name ?? key;
    return (
      <Chip pressed removable onClick={() => onChange({ field: undefined })}>
        <bdi>
          {name}: {value.join(':')}
        </bdi>
      </Chip>
    );
  }
  if (fields.length === 0) return null;
  return (
    <>
      <Chip pressed={false} adds onClick={() => setAsking(true)}>
        <Add>{t('contacts.field')}</Add>
      </Chip>
      {isAsking && (
        <FieldDialog fields={fields} onClose={() => setAsking(false)} onChoose={field => onChange({ field })} />
      )}
    </>
  );
}
