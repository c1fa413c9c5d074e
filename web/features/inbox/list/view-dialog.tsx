// Saves the filter of the address as a view, or gives a saved view another name, or deletes it.
import type { SavedView } from '@recado/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Field, Input, Select } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { createSavedView, deleteSavedView, updateSavedView } from '../../../data/saved-views.ts';
import { sharedWith, useMyTeams } from '../../../data/teams.ts';
import { useForm } from '../../../kit/form.ts';
import { useAction, useChange } from '../../../kit/use-action.ts';
import type { InboxPlace } from '../place.ts';
import { filterOf } from '../search.ts';

interface Props {
  place: InboxPlace;
  /** Undefined: a new one. */
  view: SavedView | undefined;
  /** Whether it may be for everybody. */
  mayShare: boolean;
  onClose: () => void;
}

export function ViewDialog({ place, view, mayShare, onClose }: Props) {
  const { t } = useTranslation();
  const create = useChange(createSavedView);
  const update = useChange(updateSavedView);
  const teams = useMyTeams();
  const [isSure, setSure] = useState(false);
  const remove = useAction({ ...deleteSavedView, done: t('inbox.saveView.deleted'), onDone: onClose });
  const { form, input, errors, busy } = useForm({
    start: { name: view?.name ?? '', scope: 'personal' },
    check: ({ name }): { name?: string } => (name.trim() === '' ? { name: t('form.missing') } : {}),
    async send({ name, scope }) {
      if (view) await update({ id: view.id, name: name.trim() });
      else await create({ name: name.trim(), ...sharedWith(scope), filter: filterOf(place.search) });
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t(view ? 'inbox.saveView.changeTitle' : 'inbox.saveView.title')}
      submit={t('action.save')}
      form={form}
      busy={busy}
    >
      <Field label={t('inbox.saveView.name')} error={errors.name ?? errors.form}>
        <Input autoFocus autoComplete="off" maxLength={60} {...input('name')} />
      </Field>
      {!view && mayShare && (
        <Field label={t('inbox.saveView.for')}>
          <Select {...input('scope')}>
            <option value="personal">{t('inbox.saveView.personal')}</option>
            {teams.map(({ id, name }) => (
              <option key={id} value={id}>
                {t('inbox.teamView', { name })}
              </option>
            ))}
            <option value="workspace">{t('inbox.saveView.workspace')}</option>
          </Select>
        </Field>
      )}
      {view && (
        <div>
          <Button
            kind={isSure ? 'danger-solid' : 'danger'}
            busy={remove.isPending}
            onClick={() => (isSure ? remove.mutate(view.id) : setSure(true))}
          >
            {t(isSure ? 'inbox.saveView.deleteNow' : 'inbox.saveView.delete')}
          </Button>
        </div>
      )}
    </FormDialog>
  );
}
