// Entries that the server finds for the palette: conversations and contacts by name or number, anything by its id, and numbers to
// write to.
import type { Contact, Conversation } from '@recado/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Contact as ContactIcon, MessageSquare, MessagesSquare, Smartphone, SquarePen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { accountQuery, useAccounts } from '../../../data/accounts.ts';
import { contactQuery, foundContactsQuery } from '../../../data/contacts.ts';
import {
  conversationQuery,
  conversationsOfQuery,
  foundConversationsQuery,
  openConversation,
} from '../../../data/conversations.ts';
import { useMay } from '../../../data/me.ts';
import { messageQuery } from '../../../data/messages.ts';
import { isSearchable } from '../../../kit/digits.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { useAction } from '../../../kit/use-action.ts';
import { useSettled } from '../../../kit/use-settled.ts';
import type { Entry } from './entry.ts';
import { idIn, numberIn } from './typed.ts';

interface Found {
  entries: Entry[];
  isLoading: boolean;
  error: unknown;
}

export function useFoundEntries(text: string): Found {
  const typed = text.trim();
  const settled = useSettled(typed);
  const byId = useById(settled);
  const byWords = useByWords(settled);
  const toWrite = useNumberToWriteTo(typed);
  const asks = idIn(typed) !== undefined || isSearchable(typed);
  return {
    entries: [...toWrite, ...byId.entries, ...byWords.entries],
    isLoading: (asks && settled !== typed) || byId.isLoading || byWords.isLoading,
    error: byId.error ?? byWords.error,
  };
}

const readNumber = (phone: string | null) => phone ?? undefined;

/** Opens the conversation of a contact: the latest, or a new one of the first account that sends. */
function useOpenContact(): (contact: Contact) => void {
  const client = useQueryClient();
  const write = useWrite();
  const openOne = useOpenConversation();
  const open = useAction({
    act: async (contact: Contact) => {
      const [latest] = (await client.fetchQuery(conversationsOfQuery(contact.id))).data;
      return { latest, contact };
    },
    onDone: ({ latest, contact }) => {
      if (latest) openOne(latest.id);
      else write.first?.({ contact_id: contact.id });
    },
  });
  return contact => open.mutate(contact);
}

function useOpenConversation(): (id: string) => void {
  const navigate = useNavigate();
  return id => void navigate({ to: '/inbox/$conversationId', params: { conversationId: id }, search: {} });
}

type Whom = { to: string } | { contact_id: string };

/** The accounts that somebody can write from, and how to begin. */
function useWrite() {
  const may = useMay('messages.create');
  const mayRead = useMay('accounts.read');
  const accounts = useAccounts(may && mayRead);
  const openOne = useOpenConversation();
  const begin = useAction({ ...openConversation, onDone: ({ id }) => openOne(id) });
  const from = accounts.filter(({ status }) => status === 'connected' || status === 'paused');
  const writeFrom = (accountId: string) => (whom: Whom) => begin.mutate({ account_id: accountId, ...whom });
  const [first] = from;
  return { accounts: from, writeFrom, first: first && writeFrom(first.id) };
}

function useNumberToWriteTo(text: string): Entry[] {
  const { t } = useTranslation();
  const { accounts, writeFrom } = useWrite();
  const number = numberIn(text);
  if (number === undefined) return [];
  return accounts.map(({ id, name }) => ({
    id: `write ${id}`,
    group: t('palette.write'),
    label: t('palette.writeTo', { number: phoneToRead(number) }),
    detail: name,
    icon: SquarePen,
    act: () => writeFrom(id)({ to: number }),
  }));
}

function useByWords(text: string): Found {
  const { t } = useTranslation();
  const mayRead = useMay('messages.read');
  const mayReadContacts = useMay('contacts.read');
  const openOne = useOpenConversation();
  const openContact = useOpenContact();
  const accounts = useAccounts(mayRead);
  const asks = isSearchable(text) && idIn(text) === undefined;
  const conversations = useQuery({ ...foundConversationsQuery(text), enabled: asks && mayRead });
  const contacts = useQuery({ ...foundContactsQuery(text), enabled: asks && mayReadContacts });
  const talks = conversations.data?.data ?? [];
  const others = (contacts.data?.data ?? []).filter(({ id }) => !talks.some(({ contact }) => contact.id === id));
  const accountOf = (id: string) => accounts.find(each => each.id === id)?.name;
  const nameOf = ({ name, phone, username }: Pick<Contact, 'name' | 'phone' | 'username'>) =>
    name || (phone && phoneToRead(phone)) || (username ? `@${username}` : t('inbox.nameless'));
  const detailOf = ({ name, phone }: Conversation['contact'], account: string | undefined) =>
    [name && phone && phoneToRead(phone), account].filter(Boolean).join(' · ') || undefined;
  return {
    entries: [
      ...talks.map(({ id, contact, account_id }) => ({
        id,
        group: t('inbox.conversations'),
        label: nameOf(contact),
        detail: detailOf(contact, accountOf(account_id)),
        icon: MessagesSquare,
        act: () => openOne(id),
      })),
      ...others.map(contact => ({
        id: contact.id,
        group: t('palette.contacts'),
        label: nameOf(contact),
        detail: readNumber(contact.name && contact.phone && phoneToRead(contact.phone)),
        icon: ContactIcon,
        act: () => openContact(contact),
      })),
    ],
    isLoading: conversations.isLoading || contacts.isLoading,
    error: conversations.error ?? contacts.error,
  };
}

/** What has exactly this id. */
function useById(text: string): Found {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const openOne = useOpenConversation();
  const openContact = useOpenContact();
  const typed = idIn(text);
  const may = {
    message: useMay('messages.read'),
    conversation: useMay('messages.read'),
    account: useMay('accounts.read'),
    contact: useMay('contacts.read'),
  };
  const asks = (kind: keyof typeof may) => typed?.kind === kind && may[kind];
  const message = useQuery({ ...messageQuery(text), enabled: asks('message') });
  const conversation = useQuery({ ...conversationQuery(text), enabled: asks('conversation') });
  const account = useQuery({ ...accountQuery(text), enabled: asks('account') });
  const contact = useQuery({ ...contactQuery(text), enabled: asks('contact') });
  const all = { message, conversation, account, contact };
  if (!typed) return { entries: [], isLoading: false, error: undefined };
  const group = t('palette.byId');
  const entry = { id: text, group, detail: text };
  const found: Entry[] = [];
  if (typed.kind === 'message' && message.data)
    found.push({
      ...entry,
      label: t('palette.message', { number: message.data.to === null ? '' : phoneToRead(message.data.to) }),
      icon: MessageSquare,
      act: () => void navigate({ to: '/messages/$messageId', params: { messageId: text } }),
    });
  if (typed.kind === 'account' && account.data)
    found.push({
      ...entry,
      label: account.data.name,
      icon: Smartphone,
      act: () => void navigate({ to: '/accounts/$accountId', params: { accountId: text } }),
    });
  if (typed.kind === 'conversation' && conversation.data)
    found.push({
      ...entry,
      label: conversation.data.contact.name ?? readNumber(conversation.data.contact.phone) ?? t('inbox.nameless'),
      icon: MessagesSquare,
      act: () => openOne(text),
    });
  if (typed.kind === 'contact' && contact.data) {
    const known = contact.data;
    found.push({
      ...entry,
      label: known.name ?? readNumber(known.phone) ?? t('inbox.nameless'),
      icon: ContactIcon,
      act: () => openContact(known),
    });
  }
  const query = all[typed.kind];
  return { entries: found, isLoading: query.isLoading, error: isMissing(query.error) ? undefined : query.error };
}

const isMissing = (error: unknown) =>
  typeof error === 'object' && error !== null && 'status' in error && error.status === 404;
