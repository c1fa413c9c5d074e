import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { Card } from '../../../components/surfaces.tsx';
import { createAccount } from '../../../data/accounts.ts';
import { useForm } from '../../../kit/form.ts';
import { useChange } from '../../../kit/use-action.ts';
import { ZoneField } from './zone-field.tsx';
import { ownZone } from './zones.ts';

export function SandboxForm() {
  const { t } = useTranslation();
  const create = useChange(createAccount);
  const navigate = useNavigate();
  const { form, input, errors, busy } = useForm({
    start: { name: '', time_zone: ownZone() },
    check: ({ name }) => (name.trim() === '' ? { name: t('form.missing') } : {}),
    async send({ name, time_zone }) {
      const made = await create({ name: name.trim(), channel: 'sandbox', time_zone });
      await navigate({ to: '/accounts/$accountId', params: { accountId: made.id } });
    },
  });
  return (
    <Card className="p-4 md:p-5 lg:max-w-3/5">
      <form {...form} className="grid gap-4">
        <h2>{t('channel.sandbox')}</h2>
        <Field label={t('form.name')} hint={t('connect.nameHint')} error={errors.name ?? errors.form}>
          <Input autoComplete="off" autoFocus {...input('name')} />
        </Field>
        <ZoneField error={errors.time_zone} {...input('time_zone')} />
        <div className="flex justify-end">
          <Button kind="primary" type="submit" busy={busy}>
            {t('connect.createSandbox')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
