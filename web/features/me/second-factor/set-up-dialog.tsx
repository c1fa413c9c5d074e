// Sets up a second factor: the password, then the secret for the app and a code of it.

import type { NewSecondFactor } from '@recado/client';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyField } from '../../../components/code.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { Skeleton } from '../../../components/states.tsx';
import { recado } from '../../../kit/client.ts';
import { useForm } from '../../../kit/form.ts';
import { lazyPart } from '../../../kit/lazy.ts';

const QrCode = lazyPart(() => import('../../../components/qr-code.tsx'), 'QrCode');

interface Props {
  onClose: () => void;
  onDone: (codes: readonly string[]) => void;
}

export function SetUpDialog({ onClose, onDone }: Props) {
  const [begun, setBegun] = useState<NewSecondFactor>();
  return begun ? (
    <ConfirmStep begun={begun} onClose={onClose} onDone={onDone} />
  ) : (
    <PasswordStep onClose={onClose} onBegun={setBegun} />
  );
}

function PasswordStep({ onClose, onBegun }: { onClose: () => void; onBegun: (begun: NewSecondFactor) => void }) {
  const { t } = useTranslation();
  const { form, input, errors, busy } = useForm({
    start: { password: '' },
    check: ({ password }) => (password === '' ? { password: t('form.missing') } : {}),
    send: async body => onBegun(await recado.me.beginSecondFactor(body)),
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('you.setUpTitle')}
      submit={t('you.continue')}
      form={form}
      busy={busy}
      intro={<p>{t('you.setUpWords')}</p>}
    >
      <Field label={t('login.password')} error={errors.password ?? errors.form}>
        <SecretInput autoComplete="current-password" autoFocus {...input('password')} />
      </Field>
    </FormDialog>
  );
}

/** Four letters at a time are easier to type. */
const grouped = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ');

function ConfirmStep({ begun, onClose, onDone }: Props & { begun: NewSecondFactor }) {
  const { t } = useTranslation();
  const { form, input, errors, busy } = useForm({
    start: { code: '' },
    check: ({ code }) => (code.trim() === '' ? { code: t('login.codeMissing') } : {}),
    send: async ({ code }) => onDone((await recado.me.confirmSecondFactor({ code: code.trim() })).recovery_codes),
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('you.scanTitle')}
      submit={t('you.confirm')}
      form={form}
      busy={busy}
      intro={
        <>
          <p>{t('you.scanWords')}</p>
          <div className="grid justify-items-center">
            <Suspense fallback={<Skeleton className="size-44" />}>
              <QrCode text={begun.otpauth_uri} label={t('you.qr')} />
            </Suspense>
          </div>
          <div className="grid gap-1.5">
            <p className="text-13">{t('you.secretWords')}</p>
            <CopyField text={grouped(begun.secret)} label={t('you.secret')} />
          </div>
        </>
      }
    >
      <Field label={t('login.code')} hint={t('you.codeHint')} error={errors.code ?? errors.form}>
        <Input inputMode="numeric" autoComplete="one-time-code" autoFocus className="num" {...input('code')} />
      </Field>
    </FormDialog>
  );
}
