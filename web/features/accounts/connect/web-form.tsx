// A phone to link: its name and zone, and the risks. The code comes on the next page.

import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { Card } from '../../../components/surfaces.tsx';
import { createAccount } from '../../../data/accounts.ts';
import { startLink } from '../../../data/links.ts';
import { useForm } from '../../../kit/form.ts';
import { toastError } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';
import { Consent } from '../link/consent.tsx';
import { ZoneField } from './zone-field.tsx';
import { ownZone } from './zones.ts';

export function WebForm() {
  const { t } = useTranslation();
  const create = useChange(createAccount);
  const navigate = useNavigate();
  const { form, input, values, errors, busy, set } = useForm({
    start: { name: '', time_zone: ownZone(), accepted: '' },
    check: ({ name, accepted }) => ({
      ...(name.trim() === '' && { name: t('form.missing') }),
      ...(accepted === '' && { accepted: t('link.consent.missing') }),
    }),
    async send({ name, time_zone }) {
      const { id } = await create({ name: name.trim(), channel: 'web', time_zone });
      // The account is there: what is wrong with the link is said where it can be tried again.
      await startLink({ id, method: 'qr', accept_risks: true }).catch(toastError);
      await navigate({ to: '/accounts/$accountId/link', params: { accountId: id } });
    },
  });
  return (
    <Card className="p-4 md:p-5 lg:max-w-3/5">
      <form {...form} className="grid gap-4">
        <h2>{t('channel.web')}</h2>
        <Field label={t('form.name')} hint={t('connect.nameHint')} error={errors.name ?? errors.form}>
          <Input autoComplete="off" autoFocus {...input('name')} />
        </Field>
        <ZoneField error={errors.time_zone} {...input('time_zone')} />
        <Consent
          accepted={values.accepted !== ''}
          onChange={accepted => set('accepted', accepted ? 'yes' : '')}
          error={values.accepted === '' ? errors.accepted : undefined}
        />
        <div className="flex justify-end">
          <Button kind="primary" type="submit" busy={busy}>
            {t('connect.createWeb')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
