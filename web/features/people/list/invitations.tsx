// Open invitations.

import type { Invitation } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../../components/button.tsx';
import { More } from '../../../components/list-table.tsx';
import { Card } from '../../../components/surfaces.tsx';
import { invitationsQuery, revokeInvitation } from '../../../data/people.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';

export function Invitations() {
  const { t } = useTranslation();
  const invitations = useInfiniteQuery(invitationsQuery);
  const open = (invitations.data?.rows ?? []).filter(({ status }) => status === 'open');
  if (open.length === 0) return null;
  return (
    <section className="grid gap-3">
      <h2>{t('people.invitations')}</h2>
      <Card>
        <ul>
          {open.map(invitation => (
            <InvitationRow key={invitation.id} invitation={invitation} />
          ))}
        </ul>
      </Card>
      <More list={invitations} />
    </section>
  );
}

function InvitationRow({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  const { when, exact } = useFormat();
  const { id, email, role, expires_at, invited_by } = invitation;
  const revoke = useAction({
    ...revokeInvitation,
    done: t('people.invitationRevoked', { email }),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-1 border-b border-border px-4 py-2.5 text-13 text-muted last:border-0 md:px-5">
      <bdi className="cut flex-[1_1_50%] font-medium text-text md:flex-1">{email}</bdi>
      <span>{t(`role.${role}`)}</span>
      <span title={exact(expires_at)}>
        {t('people.invitationEnds', { when: when(expires_at), name: invited_by.name })}
      </span>
      <LinkButton className="text-13" onClick={() => revoke.mutate(id)}>
        {t('people.revoke')}
      </LinkButton>
    </li>
  );
}
