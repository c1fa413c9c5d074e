// A new field of contacts, or another name and other choices for one.
import type { ContactField } from '@recado/client';
import { fieldTypes } from '@recado/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Segments } from '../../../components/choose.tsx';
import { Area, Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { createField, updateField } from '../../../data/contact-fields.ts';
import { useForm } from '../../../kit/form.ts';
import { useChange } from '../../../kit/use-action.ts';
import { keyOf } from './key.ts';

const linesOf = (text: string) =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);

export function FieldDialog({ field, onClose }: { field: ContactField | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const create = useChange(createField);
  const update = useChange(updateField);
  const [type, setType] = useState<ContactField['type']>(field?.type ?? 'text');
  const hasChoices = type === 'choice';
  const { form, input, values, errors, busy } = useForm({
    start: { name: field?.name ?? '', key: '', choices: field?.choices?.join('\n') ?? '' },
    check: ({ name, choices }) => ({
      ...(name.trim() === '' && { name: t('form.missing') }),
      ...(hasChoices && linesOf(choices).length === 0 && { choices: t('form.missing') }),
    }),
    async send(given) {
      const name = given.name.trim();
      const choices = hasChoices && { choices: linesOf(given.choices) };
      if (field) await update({ id: field.id, name, ...choices });
      else await create({ key: given.key.trim() || keyOf(name), name, type, ...choices });
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={field ? t('fields.changeTitle', { name: field.name }) : t('fields.new')}
      submit={t(field ? 'action.save' : 'fields.create')}
      form={form}
      busy={busy}
    >
      <Field label={t('form.name')} error={errors.name ?? errors.form}>
        <Input autoFocus autoComplete="off" {...input('name')} />
      </Field>
      {!field && (
        <>
          <Field label={t('fields.key')} hint={t('fields.keyHint')} error={errors.key}>
            <Input autoComplete="off" className="font-mono" placeholder={keyOf(values.name)} {...input('key')} />
          </Field>
          <div className="grid gap-1.5">
            <span className="text-13 font-medium text-text">{t('fields.kind')}</span>
            <Segments
              label={t('fields.kind')}
              value={type}
              options={fieldTypes.map(value => ({ value, label: t(`fields.type.${value}`) }))}
              onChange={setType}
            />
          </div>
        </>
      )}
      {hasChoices && (
        <Field label={t('fields.choices')} hint={t('fields.choicesHint')} error={errors.choices}>
          <Area {...input('choices')} />
        </Field>
      )}
    </FormDialog>
  );
}
