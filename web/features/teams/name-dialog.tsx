// The name of a team: of a new one, or another one.
import type { Team } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Field, Input } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { createTeam, updateTeam } from '../../data/teams.ts';
import { useForm } from '../../kit/form.ts';
import { useChange } from '../../kit/use-action.ts';

interface Props {
  /** Undefined: a new one. */
  team?: Team;
  onClose: () => void;
  onMade?: (team: Team) => void;
}

export function NameDialog({ team, onClose, onMade }: Props) {
  const { t } = useTranslation();
  const create = useChange(createTeam);
  const update = useChange(updateTeam);
  const { form, input, errors, busy } = useForm({
    start: { name: team?.name ?? '' },
    check: ({ name }) => (name.trim() === '' ? { name: t('form.missing') } : {}),
    async send({ name }) {
      const named = { name: name.trim() };
      const made = team ? await update({ id: team.id, ...named }) : await create(named);
      onMade?.(made);
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={team ? t('teams.renameOf', { name: team.name }) : t('teams.new')}
      submit={team ? t('action.save') : t('teams.create')}
      form={form}
      busy={busy}
    >
      <Field label={t('form.name')} hint={team ? undefined : t('teams.nameHint')} error={errors.name ?? errors.form}>
        <Input autoComplete="off" autoFocus {...input('name')} />
      </Field>
    </FormDialog>
  );
}
