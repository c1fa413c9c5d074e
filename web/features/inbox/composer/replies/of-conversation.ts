// The saved replies for a conversation, and the template that is offered instead of one.
import type { SavedReply } from '@recado/client';
import type { ReplyValues } from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { contactQuery } from '../../../../data/contacts.ts';
import { useMe } from '../../../../data/me.ts';
import { savedRepliesQuery } from '../../../../data/saved-replies.ts';
import { useMyTeams } from '../../../../data/teams.ts';
import type { ComposerProps } from '../props.ts';

/** A template instead of a reply, which fills the variables of the same names. */
export interface Offer {
  template: NonNullable<SavedReply['template']>;
  body: string;
  values: ReplyValues;
}

/** The replies that its reader writes with, and the values of their variables. `isAsked`: somebody looks for one. */
export function useRepliesOf(
  { conversation, account }: Pick<ComposerProps, 'conversation' | 'account'>,
  isAsked: boolean,
) {
  const all = useQuery({ ...savedRepliesQuery, enabled: isAsked }).data?.rows;
  const contact = useQuery({ ...contactQuery(conversation.contact.id), enabled: isAsked });
  const me = useMe().person?.name ?? '';
  const teams = useMyTeams();
  const fitting = useMemo(
    () =>
      // Who may change those of other teams does not write with them.
      (all ?? []).filter(
        ({ account_ids: accounts, team_id: team }) =>
          (accounts === null || accounts.includes(conversation.account_id)) &&
          (team === null || teams.some(({ id }) => id === team)),
      ),
    [all, conversation.account_id, teams],
  );
  const values: ReplyValues = {
    contact: { name: conversation.contact.name, fields: contact.data?.fields ?? {} },
    agent: me,
    account: account.name,
  };
  return { all, fitting, values, isLoaded: all !== undefined && !contact.isPending };
}
