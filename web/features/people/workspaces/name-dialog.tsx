import { useTranslation } from 'react-i18next';
import { Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { useForm } from '../../../kit/form.ts';

interface Props {
  title: string;
  submit: string;
  name?: string;
  /** Saves the name. @throws RecadoError */
  save: (name: string) => Promise<void>;
  onClose: () => void;
}

/** Asks for the name of a workspace. */
export function NameDialog({ title, submit, name = '', save, onClose }: Props) {
  const { t } = useTranslation();
  const { form, input, errors, busy } = useForm({
    start: { name },
    check: given => (given.name.trim() === '' ? { name: t('form.missing') } : {}),
    send: given => save(given.name.trim()),
  });
  return (
    <FormDialog onClose={onClose} title={title} submit={submit} form={form} busy={busy}>
      <Field label={t('form.name')} hint={t('workspaces.nameHint')} error={errors.name ?? errors.form}>
        <Input autoFocus autoComplete="off" {...input('name')} />
      </Field>
    </FormDialog>
  );
}
