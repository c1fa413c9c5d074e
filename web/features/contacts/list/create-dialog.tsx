import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { createContact } from '../../../data/contacts.ts';
import { useForm } from '../../../kit/form.ts';
import { useChange } from '../../../kit/use-action.ts';

export function CreateDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const create = useChange(createContact);
  const { form, input, errors, busy } = useForm({
    start: { name: '', phone: '' },
    check: ({ name, phone }) => (name.trim() === '' && phone.trim() === '' ? { phone: t('contacts.oneOfBoth') } : {}),
    async send({ name, phone }) {
      const { id } = await create({ name: name.trim() || null, phone: phone.trim() || null });
      onClose();
      await navigate({ to: '/contacts/$contactId', params: { contactId: id } });
    },
  });
  return (
    <FormDialog onClose={onClose} title={t('contacts.new')} submit={t('contacts.create')} form={form} busy={busy}>
      <Field label={t('form.name')} error={errors.name ?? errors.form}>
        <Input autoFocus autoComplete="off" {...input('name')} />
      </Field>
      <Field label={t('contacts.number')} hint={t('contacts.numberHint')} error={errors.phone}>
        <Input type="tel" autoComplete="off" {...input('phone')} />
      </Field>
    </FormDialog>
  );
}
