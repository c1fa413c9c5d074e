// What an event is about, in a few words and as links.
import type { Contact, RecadoEvent } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccounts } from '../../../data/accounts.ts';
import { contactsOfQuery } from '../../../data/contacts.ts';
import { useMay } from '../../../data/me.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { useSettled } from '../../../kit/use-settled.ts';

const messageOf = ({ data }: RecadoEvent) => ('message' in data ? data.message : undefined);

const textOf = (data: object, field: string): string | undefined => {
  const value: unknown = (data as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : undefined;
};

/** The first word that tells it from others of its type: a name, a key, a reason, or the code of an error. */
const wordOf = (data: object) =>
  ['name', 'key', 'reason', 'status', 'code'].flatMap(field => textOf(data, field) ?? [])[0];

const contactIdOf = (event: RecadoEvent) => messageOf(event)?.contact_id ?? textOf(event.data, 'contact_id');

type People = ReadonlyMap<string, Contact> | undefined;

/** Whom these events are about, by id. On a busy log names come once it rests. */
export function usePeopleOf(events: readonly RecadoEvent[]): People {
  const mayRead = useMay('contacts.read');
  const now = [...new Set(events.flatMap(event => contactIdOf(event) ?? []))].sort().join();
  const settled = useSettled(now);
  const ids = settled === '' ? now : settled;
  const query = contactsOfQuery(ids.split(',').map(id => ({ contact_id: id })));
  return useQuery({ ...query, enabled: mayRead && ids !== '' }).data;
}

/** Of what has no other word, the first id. */
const idOf = (data: object) =>
  Object.entries(data).find(([field, value]) => field.endsWith('_id') && typeof value === 'string')?.[1] as
    | string
    | undefined;

/** The person or the thing, then what is said of it and the account. */
export function About({ event, people }: { event: RecadoEvent; people: People }) {
  const { t } = useTranslation();
  const accounts = useAccounts(useMay('accounts.read'));
  const message = messageOf(event);
  const number = message && (message.direction === 'inbound' ? message.from : message.to);
  const contactId = contactIdOf(event);
  const contact = contactId === undefined ? undefined : people?.get(contactId);
  const name = contact?.name ?? number ?? contact?.phone;
  const details = 'details' in event.data ? event.data.details : event.data;
  const words = [
    wordOf(details),
    accounts.find(({ id }) => id === event.account_id)?.name ??
      (event.account_id === null ? undefined : t('people.deletedAccount')),
  ].filter(word => word !== undefined);
  return (
    <span className="cut block">
      {name && (
        <>
          <bdi>{contact?.name ?? phoneToRead(name)}</bdi>{' '}
        </>
      )}
      {words.length > 0 && <bdi className="text-muted">{words.join(' · ')}</bdi>}
      {!name && words.length === 0 && (
        <code dir="ltr" className="text-muted">
          {idOf(event.data)}
        </code>
      )}
    </span>
  );
}

/** Where each kind of thing has its page. */
export function useLinks(event: RecadoEvent): readonly (readonly [string, ReactNode])[] {
  const { t } = useTranslation();
  const message = messageOf(event);
  const messageId = message?.id ?? textOf(event.data, 'message_id');
  const conversationId = message?.conversation_id ?? textOf(event.data, 'conversation_id');
  const contactId = message?.contact_id ?? textOf(event.data, 'contact_id');
  const campaignId = textOf(event.data, 'campaign_id');
  const endpointId = textOf(event.data, 'endpoint_id');
  const accounts = useAccounts(useMay('accounts.read'));
  const account = accounts.find(({ id }) => id === event.account_id);
  const id = (value: string) => <code dir="ltr">{value}</code>;
  const links: (readonly [string, ReactNode] | undefined)[] = [
    messageId === undefined
      ? undefined
      : [
          t('developers.events.message'),
          <Link key="message" to="/messages/$messageId" params={{ messageId }} className="link">
            {id(messageId)}
          </Link>,
        ],
    conversationId === undefined
      ? undefined
      : [
          t('developers.events.conversation'),
          <Link key="conversation" to="/inbox/$conversationId" params={{ conversationId }} className="link">
            {id(conversationId)}
          </Link>,
        ],
    contactId === undefined
      ? undefined
      : [
          t('developers.events.contact'),
          <Link key="contact" to="/contacts/$contactId" params={{ contactId }} className="link">
            {id(contactId)}
          </Link>,
        ],
    campaignId === undefined
      ? undefined
      : [
          t('developers.events.campaign'),
          <Link key="campaign" to="/campaigns/$campaignId" params={{ campaignId }} className="link">
            {id(campaignId)}
          </Link>,
        ],
    endpointId === undefined
      ? undefined
      : [
          t('developers.endpoints.endpoint'),
          <Link key="endpoint" to="/developers/endpoints/$endpointId" params={{ endpointId }} className="link">
            {id(endpointId)}
          </Link>,
        ],
    account && [
      t('developers.letters.account'),
      <Link key="account" to="/accounts/$accountId" params={{ accountId: account.id }} className="link">
        <bdi>{account.name}</bdi>
      </Link>,
    ],
  ];
  return links.filter(link => link !== undefined);
}
