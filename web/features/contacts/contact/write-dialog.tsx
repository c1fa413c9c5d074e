import type { Contact } from '@recado/client';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Field, Select } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { openConversation } from '../../../data/conversations.ts';
import { useForm } from '../../../kit/form.ts';
import { useChange } from '../../../kit/use-action.ts';

/** Opens the conversation of a person with one of the accounts. */
export function WriteDialog({ contact, name, onClose }: { contact: Contact; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const accounts = useAccounts();
  const open = useChange(openConversation);
  const { form, input, errors, busy } = useForm({
    start: { account_id: accounts[0]?.id ?? '' },
    async send({ account_id }) {
      const { id } = await open({ account_id, contact_id: contact.id });
      await navigate({ to: '/inbox/$conversationId', params: { conversationId: id } });
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('contacts.writeTitle', { name })}
      submit={t('contacts.openConversation')}
      form={form}
      busy={busy}
    >
      <Field label={t('inbox.fact.account')} error={errors.account_id ?? errors.form}>
        <Select autoFocus {...input('account_id')}>
          {accounts.map(account => (
            <option key={account.id} value={account.id}>
              {account.name}
            </option>
          ))}
        </Select>
      </Field>
    </FormDialog>
  );
}
