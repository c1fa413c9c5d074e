import type { Account } from '@recado/client';
import type { AccountCheck } from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Failed } from '../../../components/states.tsx';
import { accountChecksQuery } from '../../../data/accounts.ts';
import { Checks } from '../checks.tsx';

const names: AccountCheck['name'][] = [
  'token',
  'scopes',
  'app',
  'number',
  'business_account',
  'webhooks',
  'registration',
  'health',
];

/** Asks WhatsApp about the account now. */
export function CheckDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, isFetching, refetch } = useQuery(accountChecksQuery(account.id));
  const shown = data ? names.filter(name => data.checks.some(check => check.name === name)) : names;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('accounts.checkTitle', { name: account.name })}
      footer={
        <>
          <Button kind="line" onClick={onClose}>
            {t('action.close')}
          </Button>
          <Button kind="line" busy={isFetching} onClick={() => void refetch()}>
            {t('accounts.checkAgain')}
          </Button>
        </>
      }
    >
      {error ? (
        <Failed title={t('accounts.checkFailed')} error={error} />
      ) : (
        <Checks names={shown} checks={data?.checks ?? []} busy={isFetching} />
      )}
    </Dialog>
  );
}
