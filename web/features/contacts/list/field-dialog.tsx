import type { ContactField } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Field, Select } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { useForm } from '../../../kit/form.ts';
import { FieldInput } from '../field-input.tsx';

interface Props {
  fields: readonly ContactField[];
  onChoose: (field: string) => void;
  onClose: () => void;
}

/** Asks for a field and the value that people have there. */
export function FieldDialog({ fields, onChoose, onClose }: Props) {
  const { t } = useTranslation();
  const { form, input, set, values, errors, busy } = useForm({
    start: { key: fields[0]?.key ?? '', value: '' },
    check: ({ value }) => (value.trim() === '' ? { value: t('form.missing') } : {}),
    async send({ key, value }) {
      onChoose(`${key}:${value.trim()}`);
      onClose();
    },
  });
  const field = fields.find(({ key }) => key === values.key);
  const key = input('key');
  return (
    <FormDialog
      onClose={onClose}
      title={t('contacts.filterByField')}
      submit={t('contacts.filter')}
      form={form}
      busy={busy}
    >
      <Field label={t('contacts.field')}>
        <Select
          {...key}
          onChange={event => {
            key.onChange(event);
            set('value', '');
          }}
        >
          {fields.map(each => (
            <option key={each.key} value={each.key}>
              {each.name}
            </option>
          ))}
        </Select>
      </Field>
      {field && (
        <Field label={t('contacts.value')} error={errors.value}>
          <FieldInput field={field} value={values.value} onChange={value => set('value', value)} />
        </Field>
      )}
    </FormDialog>
  );
}
