import type { Account } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { updateAccount } from '../../../data/accounts.ts';
import { useForm } from '../../../kit/form.ts';
import { useChange } from '../../../kit/use-action.ts';
import { ZoneField } from '../connect/zone-field.tsx';

export function ZoneDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation();
  const update = useChange(updateAccount);
  const { form, input, errors, busy } = useForm({
    start: { time_zone: account.time_zone },
    async send({ time_zone }) {
      await update({ id: account.id, time_zone });
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('accounts.zoneTitle', { name: account.name })}
      submit={t('action.save')}
      form={form}
      busy={busy}
    >
      <ZoneField error={errors.time_zone ?? errors.form} {...input('time_zone')} />
    </FormDialog>
  );
}
