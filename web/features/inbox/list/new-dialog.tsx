// Begins a conversation with a number or a contact. Where there is one already, it is opened.
import type { Account } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Field, Input, Select } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { CutNote } from '../../../components/list-table.tsx';
import { accountsQuery } from '../../../data/accounts.ts';
import { foundContactsQuery } from '../../../data/contacts.ts';
import { openConversation } from '../../../data/conversations.ts';
import { isSearchable } from '../../../kit/digits.ts';
import { useForm } from '../../../kit/form.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { useAction, useChange } from '../../../kit/use-action.ts';
import { useSettled } from '../../../kit/use-settled.ts';
import { hasWindow } from '../composer/use-window.ts';

interface Props {
  accounts: readonly Account[];
  start: string | undefined;
  onClose: () => void;
  onOpened: (conversationId: string) => void;
}

export function NewDialog({ accounts, start, onClose, onOpened }: Props) {
  const { t } = useTranslation();
  const whole = useQuery(accountsQuery).data;
  const open = useChange(openConversation);
  const form = useForm({
    start: { to: '', account_id: start ?? accounts[0]?.id ?? '' },
    check: ({ to }) => (to.trim() === '' ? { to: t('form.missing') } : {}),
    send: async ({ to, account_id }) => onOpened((await open({ account_id, to })).id),
  });
  const choose = useAction({ ...openConversation, onDone: ({ id }) => onOpened(id) });
  return (
    <FormDialog
      onClose={onClose}
      title={t('inbox.new.title')}
      submit={t('inbox.new.open')}
      form={form.form}
      busy={form.busy}
      intro={hasWindow(accounts.find(({ id }) => id === form.values.account_id)) && <p>{t('inbox.new.words')}</p>}
    >
      {accounts.length > 1 && (
        <Field label={t('inbox.new.from')}>
          <Select {...form.input('account_id')}>
            {accounts.map(({ id, name, phone }) => (
              <option key={id} value={id}>
                {[name, phone && phoneToRead(phone)].filter(Boolean).join(' · ')}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <CutNote whole={whole} />
      <Field label={t('inbox.new.to')} error={form.errors.to ?? form.errors.form} hint={t('inbox.new.hint')}>
        <Input {...form.input('to')} type="text" inputMode="tel" autoComplete="off" />
      </Field>
      <Found
        text={form.values.to}
        onChoose={contact_id => choose.mutate({ account_id: form.values.account_id, contact_id })}
      />
    </FormDialog>
  );
}

/** Contacts that fit what is typed. */
function Found({ text, onChoose }: { text: string; onChoose: (contactId: string) => void }) {
  const { t } = useTranslation();
  const search = useSettled(text.trim());
  const isEnough = isSearchable(search);
  const found = useQuery({ ...foundContactsQuery(search), enabled: isEnough }).data?.data;
  if (!isEnough || !found?.length) return null;
  return (
    <ul aria-label={t('inbox.new.contacts')} className="-mx-2 grid">
      {found.map(({ id, name, phone }) => (
        <li key={id}>
          <button
            type="button"
            onClick={() => onChoose(id)}
            className="flex w-full items-baseline justify-between gap-3 rounded-control px-2 py-1.5 text-start text-text hover:bg-hover"
          >
            <bdi className="cut">{name ?? (phone && phoneToRead(phone))}</bdi>
            {name !== null && (
              <bdi dir="ltr" className="num text-13 text-muted">
                {phone && phoneToRead(phone)}
              </bdi>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}
