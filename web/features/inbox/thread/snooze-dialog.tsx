// Snoozes a conversation until any date and time, by the person's clock.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { useForm } from '../../../kit/form.ts';
import { inputOf, momentOf, presets } from '../composer/schedule/moments.ts';

interface Props {
  onClose: () => void;
  onSnooze: (until: Date) => void;
}

const year = 365 * 86_400_000;

export function SnoozeDialog({ onClose, onSnooze }: Props) {
  const { t } = useTranslation();
  const [start] = useState(() => inputOf(presets(new Date())[0].at));
  const { form, input, errors, busy } = useForm({
    start,
    check({ date, time }): { date?: string } {
      const until = momentOf(date, time)?.getTime() ?? 0;
      if (until <= Date.now()) return { date: t('composer.schedule.past') };
      return until > Date.now() + year ? { date: t('composer.schedule.far') } : {};
    },
    async send({ date, time }) {
      const until = momentOf(date, time);
      if (until) onSnooze(until);
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('inbox.state.snoozeUntil')}
      submit={t('inbox.state.snooze')}
      form={form}
      busy={busy}
    >
      <div className="grid grid-cols-2 gap-3">
        <Field label={t('composer.schedule.date')} error={errors.date ?? errors.form}>
          <Input autoFocus type="date" {...input('date')} />
        </Field>
        <Field label={t('composer.schedule.time')}>
          <Input type="time" {...input('time')} />
        </Field>
      </div>
      <p className="text-13">
        {t('composer.schedule.zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
      </p>
    </FormDialog>
  );
}
