// Hooks in words: their format and whom they write to.
import type { Hook } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { contactsOfQuery } from '../../../data/contacts.ts';
import { useFormat } from '../../../kit/format.ts';
import { useContactName } from '../../inbox/index.ts';

/** Names of programs, the same in every language. */
const programs = { alertmanager: 'Alertmanager', grafana: 'Grafana', uptime_kuma: 'Uptime Kuma' } as const;

export function useFormatName(): (format: Hook['format']) => string {
  const { t } = useTranslation();
  return format => {
    if (format === null) return t('developers.hooks.detected');
    return format === 'text' ? t('developers.hooks.plainText') : programs[format];
  };
}

/** The names of contacts by their ids, once they are read; the id of one that is gone. */
export function useContactNames(ids: readonly string[]): (id: string) => string {
  const nameOf = useContactName();
  const contacts = useQuery(contactsOfQuery(ids.map(id => ({ contact_id: id })))).data;
  return id => {
    const contact = contacts?.get(id);
    if (contact) return nameOf(contact);
    return contacts === undefined ? '…' : id;
  };
}

/** The first contact, and how many others. */
export function WritesTo({ hook: { contact_ids: ids } }: { hook: Hook }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const [first, ...others] = ids;
  const nameOf = useContactNames(first === undefined ? [] : [first]);
  if (first === undefined) return t('developers.hooks.nobody');
  if (others.length === 0) return <bdi>{nameOf(first)}</bdi>;
  return t('developers.hooks.andOthers', { name: nameOf(first), count: others.length, number: number(others.length) });
}
