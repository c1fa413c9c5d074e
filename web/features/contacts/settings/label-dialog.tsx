// A new label, or another name and colour for one.
import type { Label } from '@recado/client';
import { type LabelColor, type LabelKind, labelColors, labelKinds } from '@recado/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Segments } from '../../../components/choose.tsx';
import { Field, Input, Radio } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { LabelMark } from '../../../components/label-pill.tsx';
import { createLabel, updateLabel } from '../../../data/labels.ts';
import { useForm } from '../../../kit/form.ts';
import { useChange } from '../../../kit/use-action.ts';

export function LabelDialog({ label, onClose }: { label: Label | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const create = useChange(createLabel);
  const update = useChange(updateLabel);
  const [color, setColor] = useState<LabelColor>(label?.color ?? 'indigo');
  const [on, setOn] = useState<LabelKind>('contact');
  const { form, input, errors, busy } = useForm({
    start: { name: label?.name ?? '' },
    check: ({ name }) => (name.trim() === '' ? { name: t('form.missing') } : {}),
    async send(given) {
      const name = given.name.trim();
      if (label) await update({ id: label.id, name, color });
      else await create({ name, color, on });
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={label ? t('labels.changeTitle', { name: label.name }) : t('labels.new')}
      submit={t(label ? 'action.save' : 'labels.create')}
      form={form}
      busy={busy}
    >
      <Field label={t('form.name')} error={errors.name ?? errors.form}>
        <Input autoFocus autoComplete="off" {...input('name')} />
      </Field>
      {!label && (
        <div className="grid gap-1.5">
          <span className="text-13 font-medium text-text">{t('labels.on')}</span>
          <Segments
            label={t('labels.on')}
            value={on}
            options={labelKinds.map(value => ({ value, label: t(`labels.kind.${value}`) }))}
            onChange={setOn}
          />
        </div>
      )}
      <fieldset className="grid gap-1.5">
        <legend className="pb-1.5 text-13 font-medium text-text">{t('labels.color')}</legend>
        <div className="grid grid-cols-2 gap-2 sm:grid-cols-4">
          {labelColors.map(each => (
            <Radio
              key={each}
              name="color"
              checked={each === color}
              onChange={() => setColor(each)}
              label={
                <span className="flex items-center gap-1.5">
                  <LabelMark color={each} large />
                  {t(`labels.colors.${each}`)}
                </span>
              }
            />
          ))}
        </div>
      </fieldset>
    </FormDialog>
  );
}
