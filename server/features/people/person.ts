// People, invitations and workspaces as the API shows them.
import type { Invitation, Person } from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import type { InvitationRow } from './invitation-store.ts';
import type { PersonRow } from './store.ts';

/** The accounts of a limit as the API shows them. */
export const toAccountIds = (accounts: string[] | null) => accounts?.map(id => toId('account', id)) ?? null;

export const presentPerson = (row: PersonRow): Person => ({
  id: toId('person', row.id),
  name: row.name,
  email: row.email,
  role: row.role,
  account_ids: toAccountIds(row.accounts),
  conversations: row.conversations,
  sees_numbers: row.sees_numbers,
  disabled: row.disabled,
  second_factor: row.second_factor,
  created_at: row.created_at.toISOString(),
});

export const presentInvitation = (row: InvitationRow): Invitation => ({
  id: toId('invitation', row.id),
  email: row.email,
  role: row.role,
  account_ids: toAccountIds(row.accounts),
  conversations: row.conversations,
  sees_numbers: row.sees_numbers,
  status: row.status,
  invited_by: { id: toId('person', row.invited_by), name: row.inviter ?? '' },
  created_at: row.created_at.toISOString(),
  expires_at: row.expires_at.toISOString(),
});
