import { ApiError } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { SecretInput } from '../../components/secret-input.tsx';
import { Card, CardBody, CardHead } from '../../components/surfaces.tsx';
import { useMe } from '../../data/me.ts';
import { changePassword } from '../../data/sessions.ts';
import { useForm } from '../../kit/form.ts';
import { leastPassword } from '../../kit/password.ts';
import { toast } from '../../kit/toasts.ts';
import { useChange } from '../../kit/use-action.ts';

const start = { current_password: '', new_password: '' };

export function PasswordCard() {
  const { t } = useTranslation();
  const { person } = useMe();
  const change = useChange(changePassword);
  const { form, input, errors, error, busy, set } = useForm({
    start,
    check: ({ current_password, new_password }) => ({
      ...(current_password === '' && { current_password: t('form.missing') }),
      ...(new_password.length < leastPassword && { new_password: t('form.shortPassword') }),
    }),
    async send(values) {
      await change(values);
      for (const name of ['current_password', 'new_password'] as const) set(name, '');
      toast(t('you.passwordChanged'));
    },
  });
  const isCurrentWrong = error instanceof ApiError && error.code === 'current_password_wrong';
  return (
    <Card>
      <CardHead title={t('you.password')} />
      <CardBody>
        <form {...form} className="grid gap-4">
          <input type="text" autoComplete="username" value={person?.email ?? ''} readOnly hidden />
          <div className="grid items-start gap-4 md:grid-cols-2">
            <Field
              label={t('you.currentPassword')}
              error={errors.current_password ?? (isCurrentWrong ? errors.form : undefined)}
            >
              <SecretInput autoComplete="current-password" {...input('current_password')} />
            </Field>
            <Field
              label={t('reset.password')}
              hint={t('form.passwordHint')}
              error={errors.new_password ?? (isCurrentWrong ? undefined : errors.form)}
            >
              <SecretInput autoComplete="new-password" {...input('new_password')} />
            </Field>
          </div>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="text-13 text-muted">{t('you.passwordEnds')}</p>
            <Button kind="line" type="submit" busy={busy}>
              {t('you.changePassword')}
            </Button>
          </div>
        </form>
      </CardBody>
    </Card>
  );
}
