// A new hook.
import type { NewHook } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { createHook } from '../../../data/hooks.ts';
import { useChange } from '../../../kit/use-action.ts';
import { HookFields, useHookForm } from './form.tsx';

interface Props {
  onClose: () => void;
  onMade: (made: NewHook) => void;
}

export function NewHookDialog({ onClose, onMade }: Props) {
  const { t } = useTranslation();
  const create = useChange(createHook);
  const fields = useHookForm(undefined, async body => {
    onMade(await create(body));
    onClose();
  });
  return (
    <FormDialog
      wide
      onClose={onClose}
      title={t('developers.hooks.new')}
      submit={t('developers.hooks.create')}
      form={fields.form}
      busy={fields.busy}
    >
      <HookFields fields={fields} />
    </FormDialog>
  );
}
