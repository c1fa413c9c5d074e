// Imports a rate card from a file, as a draft to compare.

import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { importRateCard } from '../../../data/cost.ts';
import { useForm } from '../../../kit/form.ts';
import { toast } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';

/** The first day of the quarter: rates change on these days only. */
const quarterOf = (at: Date) =>
  `${at.getFullYear()}-${String(Math.floor(at.getMonth() / 3) * 3 + 1).padStart(2, '0')}-01`;

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const chosen = useRef<File>(undefined);
  const send = useChange(importRateCard);
  const { form, input, set, errors, busy } = useForm({
    start: { file: '', name: '', validFrom: quarterOf(new Date()) },
    fields: { valid_from: 'validFrom', text: 'file', file_name: 'file' },
    check: given => (given.file === '' ? { file: t('cost.chooseFile') } : {}),
    async send({ name, validFrom }) {
      const file = chosen.current;
      if (!file) return;
      await send({
        file_name: file.name.slice(0, 200),
        text: await file.text(),
        valid_from: validFrom,
        ...(name.trim() !== '' && { name: name.trim() }),
      });
      toast(t('cost.imported'));
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('cost.import')}
      submit={t('cost.compare')}
      form={form}
      busy={busy}
      intro={<p>{t('cost.importWords')}</p>}
    >
      <Field label={t('cost.file')} error={errors.file ?? errors.form}>
        <Input
          type="file"
          accept=".csv,text/csv"
          className="py-1.5"
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            chosen.current = file;
            set('file', file?.name ?? '');
          }}
        />
      </Field>
      <Field label={t('cost.validFrom')} hint={t('cost.validFromHint')} error={errors.validFrom}>
        <Input type="date" {...input('validFrom')} />
      </Field>
      <Field label={t('cost.name')} hint={t('cost.nameHint')} error={errors.name}>
        <Input autoComplete="off" {...input('name')} />
      </Field>
    </FormDialog>
  );
}
