// Who the contact is: numbers, labels, and the values with where they came from.
import type { Contact, ContactField } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../../components/button.tsx';
import { Chip } from '../../../components/choose.tsx';
import { LabelMark, LabelPill } from '../../../components/label-pill.tsx';
import { Avatar } from '../../../components/marks.tsx';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import { Card, Facts } from '../../../components/surfaces.tsx';
import { fieldsQuery } from '../../../data/contact-fields.ts';
import { setLabel } from '../../../data/contacts.ts';
import { labelsQuery } from '../../../data/labels.ts';
import { useFormat } from '../../../kit/format.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { useAction } from '../../../kit/use-action.ts';
import { useLanguageName } from './languages.ts';

interface Props {
  contact: Contact;
  name: string;
  /** Without it nothing can be changed. */
  onEdit: (() => void) | undefined;
}

export function FactsCard({ contact, name, onEdit }: Props) {
  const { t } = useTranslation();
  const { day } = useFormat();
  const languageName = useLanguageName();
  const valueIn = useFieldValue();
  const fields = useQuery(fieldsQuery).data ?? [];
  const empty = fields.filter(({ key }) => contact.fields[key] === undefined).length;
  const facts: [string, ReactNode][] = [
    [t('contacts.language'), contact.language && languageName(contact.language)],
    ...fields
      .filter(({ key }) => contact.fields[key] !== undefined)
      .map((field): [string, ReactNode] => [
        field.name,
        <span key={field.key} className="grid">
          <bdi>{valueIn(field, contact)}</bdi>
          <Source contact={contact} field={field} />
        </span>,
      ]),
    [t('inbox.fact.username'), contact.username && <bdi>@{contact.username}</bdi>],
    [t('inbox.fact.reference'), contact.reference && <code>{contact.reference}</code>],
    [t('contacts.created'), day(contact.created_at)],
    [t('inbox.fact.whatsapp'), contact.whatsapp && t('inbox.fact.unreachable', { day: day(contact.whatsapp.since) })],
    ...Object.entries(contact.metadata).map(([key, value]): [string, ReactNode] => [
      key,
      <bdi key={key}>{String(value)}</bdi>,
    ]),
  ];
  const phones = [...(contact.phone === null ? [] : [contact.phone]), ...contact.other_phones];
  return (
    <Card className="grid grid-cols-[minmax(0,1fr)] gap-4 p-4 md:p-5">
      <div className="flex min-w-0 items-center gap-3">
        <Avatar name={name} size="huge" />
        <div className="min-w-0">
          <b className="block text-16 wrap-anywhere">
            <bdi>{name}</bdi>
          </b>
          {phones.map(phone => (
            <bdi key={phone} dir="ltr" className="num block text-muted">
              {phoneToRead(phone)}
            </bdi>
          ))}
        </div>
      </div>
      <LabelsLine contact={contact} mayChange={onEdit !== undefined} />
      <Facts facts={facts.filter(([, value]) => value)} />
      {onEdit && empty > 0 && (
        <div>
          <LinkButton className="text-13" onClick={onEdit}>
            {t('contacts.emptyFields', { count: empty })}
          </LinkButton>
        </div>
      )}
    </Card>
  );
}

function Source({ contact, field }: { contact: Contact; field: ContactField }) {
  const { t } = useTranslation();
  const { day, exact } = useFormat();
  const source = contact.field_sources[field.key];
  if (!source) return null;
  return (
    <small className="text-12 text-faint" title={exact(source.at)}>
      {source.name === null
        ? t('contacts.source.unknown', { day: day(source.at) })
        : t(`contacts.source.${source.kind}`, { name: source.name, day: day(source.at) })}
    </small>
  );
}

/** A value as people read it. */
export function useFieldValue(): (field: ContactField, contact: Pick<Contact, 'fields'>) => string {
  const { t } = useTranslation();
  const { date } = useFormat();
  return (field, contact) => {
    const value = contact.fields[field.key];
    if (value === undefined) return '';
    if (typeof value === 'boolean') return t(value ? 'fields.yes' : 'fields.no');
    return field.type === 'date' ? date(String(value)) : String(value);
  };
}

function LabelsLine({ contact, mayChange }: { contact: Contact; mayChange: boolean }) {
  const { t } = useTranslation();
  const labels = useQuery({ ...labelsQuery('contact'), enabled: mayChange }).data ?? [];
  const set = useAction(setLabel);
  const free = labels.filter(({ id }) => contact.labels.every(label => label.id !== id));
  if (contact.labels.length === 0 && free.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {contact.labels.map(label => (
        <LabelPill
          key={label.id}
          label={label}
          onRemove={mayChange ? () => set.mutate({ id: contact.id, labelId: label.id, has: false }) : undefined}
        />
      ))}
      {mayChange && free.length > 0 && (
        <Menu
          label={t('labels.add')}
          trigger={
            <Chip pressed={false} adds aria-label={t('labels.add')}>
              <Plus size={13} aria-hidden="true" />
              {t('labels.label')}
            </Chip>
          }
        >
          {free.map(label => (
            <MenuItem key={label.id} onSelect={() => set.mutate({ id: contact.id, labelId: label.id, has: true })}>
              <span className="flex items-center gap-2">
                <LabelMark color={label.color} />
                <bdi>{label.name}</bdi>
              </span>
            </MenuItem>
          ))}
        </Menu>
      )}
    </div>
  );
}
