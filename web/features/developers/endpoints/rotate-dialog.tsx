// Another secret of an endpoint: a new one, or one that its receivers know already.
import type { RotatedSecret } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Field } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { rotateSecret } from '../../../data/endpoints.ts';
import { useForm } from '../../../kit/form.ts';
import { toast } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';

/** For so long the former secret signs too, in seconds. */
const overlap = 86_400;

interface RotateProps {
  id: string;
  onClose: () => void;
  onRotated: (rotated: RotatedSecret) => void;
}

export function RotateDialog({ id, onClose, onRotated }: RotateProps) {
  const { t } = useTranslation();
  const rotate = useChange(rotateSecret);
  const { form, input, errors, busy } = useForm({
    start: { secret: '' },
    async send({ secret }) {
      const rotated = await rotate({ id, overlap, secret: secret.trim() === '' ? undefined : secret.trim() });
      // One that was brought along is not shown.
      if (rotated.secret === null) toast(t('developers.endpoints.rotated'));
      onRotated(rotated);
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('developers.endpoints.rotateTitle')}
      cancel={t('developers.endpoints.keepSecret')}
      submit={t('developers.endpoints.rotate')}
      onClose={onClose}
      form={form}
      busy={busy}
      intro={<p className="mb-4">{t('developers.endpoints.rotateWords')}</p>}
    >
      <Field
        label={t('developers.endpoints.ownSecret')}
        hint={t('developers.endpoints.ownSecretHint')}
        error={errors.secret ?? errors.form}
      >
        <SecretInput autoComplete="off" {...input('secret')} />
      </Field>
    </FormDialog>
  );
}
