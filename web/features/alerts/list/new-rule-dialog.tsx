// A new rule: its signal. The rest is as usual, and changed on its page.
import { alertSignals } from '@recado/contract';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Field, Select } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { createRule } from '../../../data/alerts.ts';
import { useForm } from '../../../kit/form.ts';
import { useChange } from '../../../kit/use-action.ts';

export function NewRuleDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const create = useChange(createRule);
  const navigate = useNavigate();
  const { form, input, errors, busy } = useForm<{ signal: string }>({
    start: { signal: 'failed_share' },
    async send({ signal }) {
      const made = await create({ signal: signal as (typeof alertSignals)[number] });
      await navigate({ to: '/alerts/rules/$ruleId', params: { ruleId: made.id } });
    },
  });
  const { value, onChange, name } = input('signal');
  return (
    <FormDialog onClose={onClose} title={t('alerts.newRule')} submit={t('alerts.create')} form={form} busy={busy}>
      <Field label={t('alerts.signalLabel')} error={errors.signal ?? errors.form}>
        <Select name={name} value={value} onChange={onChange as never}>
          {alertSignals.map(signal => (
            <option key={signal} value={signal}>
              {t(`alerts.signal.${signal}`)}
            </option>
          ))}
        </Select>
      </Field>
    </FormDialog>
  );
}
