// Who wants no messages: opt-outs with their ledger, suggestions, the settings, and the page behind a link.
import type { CreateConsentBody, CreateOptOutBody, RecadoEvent, UpdateOptOutSettingsBody } from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { contactKeys } from './contacts.ts';
import { listQuery } from './list.ts';

const ofContact = (contactId: string) => ['opt-outs', 'of', contactId] as const;
const suggestions = ['opt-outs', 'suggestions'] as const;

const optOutKeys = {
  all: ['opt-outs', 'all'] as const,
  settings: ['opt-outs', 'settings'] as const,
  suggestions,
  suggestionsIn: (conversationId: string) => [...suggestions, conversationId] as const,
  /** All of a contact: opt-outs and ledger. */
  ofContact,
  list: (contactId: string) => [...ofContact(contactId), 'list'] as const,
  ledger: (contactId: string) => [...ofContact(contactId), 'ledger'] as const,
  link: (token: string) => ['opt-outs', 'link', token] as const,
};

const ofPerson = (contactId: string): QueryKey[] => [
  optOutKeys.all,
  optOutKeys.ofContact(contactId),
  contactKeys.one(contactId),
  suggestions,
];

export const staleOptOuts = ({ type, data }: RecadoEvent): QueryKey[] => {
  if (type === 'opt_out.suggested') return [optOutKeys.suggestionsIn(data.conversation_id)];
  return type === 'opt_out.created' || type === 'opt_out.deleted' ? ofPerson(data.contact_id) : [];
};

/** All opt-outs of the workspace, newest first. */
export const optOutsQuery = listQuery(optOutKeys.all, (query, options) => recado.optOuts.list(query, options));

/** The address of the ledger as a CSV file, which the browser asks with its session. */
export const ledgerFile = '/api/v1/opt-outs/ledger/export';

/** At most one of marketing, and one of all messages. */
export const optOutsOfQuery = (contactId: string) =>
  queryOptions({
    queryKey: optOutKeys.list(contactId),
    queryFn: ({ signal }) => recado.optOuts.list({ contact_id: contactId }, { signal }).page(),
  });

const fewEntries = 6;

/** The newest entries of a person's ledger. */
export const ledgerOfQuery = (contactId: string) =>
  queryOptions({
    queryKey: optOutKeys.ledger(contactId),
    queryFn: ({ signal }) => recado.optOuts.listLedger({ contact_id: contactId, limit: fewEntries }, { signal }).page(),
  });

/** The newest open suggestion of a conversation; null if there is none. */
export const suggestionQuery = (conversationId: string) =>
  queryOptions({
    queryKey: optOutKeys.suggestionsIn(conversationId),
    queryFn: async ({ signal }) => {
      const query = { conversation_id: conversationId, state: 'open', limit: 1 } as const;
      return (await recado.optOuts.listSuggestions(query, { signal }).page()).data[0] ?? null;
    },
  });

export const optOut = change(
  ({ contactId: _, ...body }: CreateOptOutBody & { contactId: string }) => recado.optOuts.create(body),
  ({ contactId }) => ofPerson(contactId),
);

/** Ends all opt-outs of a person. */
export const optIn = change(
  async ({ ids, reason }: { contactId: string; ids: readonly string[]; reason: string }) => {
    for (const id of ids) await recado.optOuts.remove(id, { reason });
  },
  ({ contactId }) => ofPerson(contactId),
);

export const recordConsent = change(
  (body: CreateConsentBody & { contact_id: string }) => recado.optOuts.createConsent(body),
  ({ contact_id: contactId }) => ofPerson(contactId),
);

export const dismissSuggestion = change(
  (id: string) => recado.optOuts.dismissSuggestion(id),
  () => [suggestions],
);

export const optOutSettingsQuery = queryOptions({
  queryKey: optOutKeys.settings,
  queryFn: ({ signal }) => recado.optOuts.getSettings({ signal }),
});

export const updateOptOutSettings = change(
  (body: UpdateOptOutSettingsBody) => recado.optOuts.updateSettings(body),
  () => [optOutKeys.settings],
);

/** The state of the person of a link. A link that is not valid stays so. */
export const leaveStateQuery = (token: string) =>
  queryOptions({
    queryKey: optOutKeys.link(token),
    queryFn: ({ signal }) => recado.optOuts.getState(token, { signal }),
    retry: false,
  });

const ofLink = (token: string) => [optOutKeys.link(token)];

export const leaveByLink = change((token: string) => recado.optOuts.optByLink(token), ofLink);

export const takeBackByLink = change((token: string) => recado.optOuts.takeBackByLink(token), ofLink);
