// Invites somebody; without mail the link is shown once.

import type { ConversationLimit, Role } from '@recado/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, Input, Select } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { NumbersChoice } from '../../../components/numbers-choice.tsx';
import { useMe } from '../../../data/me.ts';
import { createInvitation } from '../../../data/people.ts';
import { useForm } from '../../../kit/form.ts';
import { toast } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';
import { AccountChoice } from '../../accounts/index.ts';
import { ConversationsChoice } from './conversations-choice.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { grantable } from './roles.ts';

/** Only these can be limited to some accounts and conversations. */
const isLimitable = (role: string) => role === 'agent' || role === 'viewer';

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const create = useChange(createInvitation);
  const [accounts, setAccounts] = useState<string[] | null>(null);
  const [conversations, setConversations] = useState<ConversationLimit>('all');
  const [seesNumbers, setSeesNumbers] = useState(true);
  const [link, setLink] = useState<string>();
  const { form, input, values, errors, busy } = useForm({
    start: { email: '', role: 'agent' },
    check: ({ email, role }) => ({
      ...(email.trim() === '' && { email: t('form.missing') }),
      ...(isLimitable(role) && accounts?.length === 0 && { role: t('people.noAccountChosen') }),
    }),
    async send({ email, role }) {
      const limit = isLimitable(role) && {
        conversations,
        sees_numbers: seesNumbers,
        ...(accounts !== null && { account_ids: accounts }),
      };
      const made = await create({ email: email.trim(), role: role as Role, ...limit });
      if (made.link !== null) return setLink(made.link);
      toast(t('people.invitationMailed', { email: made.email }));
      onClose();
    },
  });
  if (link !== undefined)
    return (
      <LinkDialog title={t('people.inviteLink', { email: values.email })} link={link} onClose={onClose}>
        {t('people.inviteLinkWords')}
      </LinkDialog>
    );
  return (
    <FormDialog onClose={onClose} title={t('people.inviteTitle')} submit={t('people.invite')} form={form} busy={busy}>
      <Field label={t('login.email')} error={errors.email ?? errors.form}>
        <Input type="email" autoComplete="off" autoFocus {...input('email')} />
      </Field>
      <Field label={t('people.role')} hint={t(`roleHint.${values.role as Role}`)} error={errors.role}>
        <Select {...input('role')}>
          {grantable(me.role).map(role => (
            <option key={role} value={role}>
              {t(`role.${role}`)}
            </option>
          ))}
        </Select>
      </Field>
      {isLimitable(values.role) && (
        <>
          <AccountChoice label={t('people.accounts')} value={accounts} onChange={setAccounts} />
          <ConversationsChoice value={conversations} onChange={setConversations} />
          <NumbersChoice value={seesNumbers} onChange={setSeesNumbers} />
        </>
      )}
    </FormDialog>
  );
}
