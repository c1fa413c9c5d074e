import { useTranslation } from 'react-i18next';
import { Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { useForm } from '../../../kit/form.ts';

interface Props {
  title: string;
  /** What the form does, in a verb. */
  submit: string;
  name: string;
  /** Resolves once it is stored. */
  onName: (name: string) => Promise<void>;
  onClose: () => void;
}

/** Asks for the name of a segment. */
export function NameDialog({ title, submit, name, onName, onClose }: Props) {
  const { t } = useTranslation();
  const { form, input, errors, busy } = useForm({
    start: { name },
    check: values => (values.name.trim() === '' ? { name: t('form.missing') } : {}),
    send: values => onName(values.name.trim()),
  });
  return (
    <FormDialog onClose={onClose} title={title} submit={submit} form={form} busy={busy}>
      <Field label={t('segments.name')} error={errors.name ?? errors.form}>
        <Input autoFocus autoComplete="off" maxLength={100} {...input('name')} />
      </Field>
    </FormDialog>
  );
}
