// What WhatsApp says of a number, and what passed over it in all.
import type { Account } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../../components/surfaces.tsx';
import { useFormat } from '../../../kit/format.ts';
import { qualityOf } from '../reason.ts';
import { useLinkFacts } from './link-parts.tsx';

/** What WhatsApp says of the number, or what is known of the phone. */
export function WhatsAppFacts({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { day, number } = useFormat();
  const linkFacts = useLinkFacts();
  const quality = qualityOf(account);
  const unknown = <span className="text-faint">{t('accounts.notKnown')}</span>;
  const common = [
    [t('accounts.sentInAll'), number(account.counters.called)],
    [t('accounts.receivedInAll'), number(account.counters.received)],
    [t('accounts.since'), day(account.created_at)],
  ] as const;
  if (account.channel === 'sandbox') return <Facts facts={common} />;
  if (account.link) return <Facts facts={[...linkFacts(account, account.link), ...common]} />;
  return (
    <Facts
      facts={[
        [t('accounts.verifiedName'), account.verified_name ?? unknown],
        [t('accounts.qualityLabel'), quality ? t(`quality.${quality}`) : unknown],
        [t('accounts.tier'), account.messaging_limit ?? unknown],
        [t('accounts.throughput'), account.throughput ?? unknown],
        [t('connect.phoneId'), <code key="phone">{account.phone_number_id}</code>],
        [
          t('connect.businessId'),
          account.business_account_id ? <code key="business">{account.business_account_id}</code> : unknown,
        ],
        ...common,
      ]}
    />
  );
}
