// Edits a contact. Only changed values are sent.
import type { Contact, ContactField } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { Loading, SkeletonLines } from '../../../components/states.tsx';
import { fieldsQuery } from '../../../data/contact-fields.ts';
import { updateContact } from '../../../data/contacts.ts';
import { useForm } from '../../../kit/form.ts';
import { toast } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';
import { FieldInput } from '../field-input.tsx';
import { bodyOf, startOf } from './edit-values.ts';

interface Props {
  contact: Contact;
  onClose: () => void;
}

export function EditDialog(props: Props) {
  const fields = useQuery(fieldsQuery).data;
  if (!fields)
    return (
      <Loading>
        <SkeletonLines />
      </Loading>
    );
  return <EditForm {...props} fields={fields} />;
}

function EditForm({ contact, fields, onClose }: Props & { fields: readonly ContactField[] }) {
  const { t } = useTranslation();
  const update = useChange(updateContact);
  const start = startOf(contact, fields);
  const { form, input, set, values, errors, busy } = useForm<Record<string, string>>({
    start,
    check: given =>
      Object.fromEntries(
        fields
          .filter(({ type, key }) => type === 'number' && Number.isNaN(Number(given[`fields.${key}`])))
          .map(({ key }) => [`fields.${key}`, t('fields.notANumber')]),
      ),
    async send(given) {
      const body = bodyOf(given, start, fields);
      if (Object.keys(body).length > 0) {
        await update({ id: contact.id, ...body });
        toast(t('contacts.saved'));
      }
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('contacts.editTitle')}
      submit={t('action.save')}
      form={form}
      busy={busy}
      wide
    >
      <div className="grid gap-4 md:grid-cols-2">
        <Field label={t('form.name')} error={errors.name ?? errors.form}>
          <Input autoFocus autoComplete="off" {...input('name')} />
        </Field>
        <Field label={t('contacts.number')} error={errors.phone}>
          <Input type="tel" autoComplete="off" {...input('phone')} />
        </Field>
        <Field label={t('inbox.fact.reference')} hint={t('contacts.referenceHint')} error={errors.reference}>
          <Input autoComplete="off" {...input('reference')} />
        </Field>
        <Field label={t('contacts.language')} hint={t('contacts.languageHint')} error={errors.language}>
          <Input autoComplete="off" {...input('language')} />
        </Field>
        {fields.map(field => (
          <Field key={field.key} label={field.name} error={errors[`fields.${field.key}`]}>
            <FieldInput
              field={field}
              value={values[`fields.${field.key}`] ?? ''}
              onChange={value => set(`fields.${field.key}`, value)}
            />
          </Field>
        ))}
      </div>
    </FormDialog>
  );
}
