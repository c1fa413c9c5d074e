// A day on which a team is closed.
import type { Team } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Field, Input } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { updateTeam } from '../../data/teams.ts';
import { useForm } from '../../kit/form.ts';
import { useChange } from '../../kit/use-action.ts';
import { dayIn } from '../../kit/zone-days.ts';
import { holidaysToKeep } from './hours.ts';

interface Props {
  team: Team;
  hours: NonNullable<Team['hours']>;
  onClose: () => void;
}

export function HolidayDialog({ team, hours, onClose }: Props) {
  const { t } = useTranslation();
  const update = useChange(updateTeam);
  const { form, input, errors, busy } = useForm({
    start: { date: '', name: '' },
    check: ({ date, name }) => ({
      ...(date === '' && { date: t('form.missing') }),
      ...(name.trim() === '' && { name: t('form.missing') }),
      ...(hours.holidays.some(each => each.date === date) && { date: t('teams.hours.holidayKnown') }),
    }),
    async send({ date, name }) {
      const holidays = [...holidaysToKeep(hours, Date.now()), { date, name: name.trim() }];
      await update({ id: team.id, hours: { ...hours, holidays } });
      onClose();
    },
  });
  return (
    <FormDialog onClose={onClose} title={t('teams.hours.addHoliday')} submit={t('action.save')} form={form} busy={busy}>
      <Field label={t('teams.hours.date')} error={errors.date ?? errors.form}>
        <Input type="date" autoFocus min={dayIn(hours.time_zone, Date.now())} {...input('date')} />
      </Field>
      <Field label={t('form.name')} error={errors.name}>
        <Input autoComplete="off" {...input('name')} />
      </Field>
    </FormDialog>
  );
}
