// A dialog with a form: its buttons send it or leave everything as it was.
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { useForm } from '../kit/form.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

interface Props {
  onClose: () => void;
  title: string;
  /** What the form does, in a verb. */
  submit: string;
  /** What closing it means. By default "Cancel". */
  cancel?: string;
  isDanger?: boolean;
  wide?: boolean;
  form: ReturnType<typeof useForm>['form'];
  busy: boolean;
  /** Before the fields. */
  intro?: ReactNode;
  /** The fields. */
  children: ReactNode;
}

export function FormDialog(props: Props) {
  const { t } = useTranslation();
  const { onClose, title, submit, cancel = t('action.cancel'), isDanger = false, wide = false } = props;
  const id = useId();
  const footer = (
    <>
      <Button kind="line" onClick={onClose}>
        {cancel}
      </Button>
      <Button kind={isDanger ? 'danger-solid' : 'primary'} type="submit" form={id} busy={props.busy}>
        {submit}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} title={title} footer={footer} wide={wide}>
      {props.intro}
      <form {...props.form} id={id} className="grid gap-4">
        {props.children}
      </form>
    </Dialog>
  );
}
