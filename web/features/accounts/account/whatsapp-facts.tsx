// What WhatsApp says of a number, and what passed over it in all.
import type { Account } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../../components/surfaces.tsx';
import { useFormat } from '../../../kit/format.ts';
import { qualityOf } from '../reason.ts';
import { useLinkFacts } from './link-parts.tsx';

/** The state of the number, its verification where it is not done, and its mode where it is not live. */
function stateOf({ number_status: state, code_verification_status: code, account_mode: mode }: Account) {
  const words = [state, code !== 'VERIFIED' && code, mode !== 'LIVE' && mode].filter(Boolean);
  return words.length > 0 ? words.join(', ') : undefined;
}

function marketingOf({
  marketing_messages_onboarding_status: onboarding,
  disable_marketing_messages_on_cloud_api: isOff,
}: Account) {
  const words = [onboarding, isOff && 'MARKETING_ENDPOINT_ONLY'].filter(Boolean);
  return words.length > 0 ? words.join(', ') : undefined;
}

/** Whether the number can send, and why not. */
function Sending({ account: { health_status: health } }: { account: Account }) {
  const { t } = useTranslation();
  if (!health) return <span className="text-faint">{t('accounts.notKnown')}</span>;
  const look = { AVAILABLE: 'text-success', LIMITED: 'text-warning' }[health.can_send_message] ?? 'text-danger';
  return (
    <>
      <span className={look}>{health.can_send_message}</span>
      {health.reasons.map(({ entity, code, message, remedy }) => (
        <p key={`${entity} ${code} ${message}`} className="text-muted">
          {message} {remedy}
        </p>
      ))}
    </>
  );
}

/** Whether all webhooks come, or what to do. */
function Webhooks({ account: { webhooks } }: { account: Account }) {
  const { t } = useTranslation();
  if (!webhooks) return <span className="text-faint">{t('accounts.notKnown')}</span>;
  const { ok, missing_fields: missing, message } = webhooks;
  if (ok)
    return (
      <>
        {missing.length === 0 && <span className="block text-success">{t('accounts.allFields')}</span>}
        <span className="text-13 wrap-anywhere text-muted">{message}</span>
      </>
    );
  return <span className="text-danger">{message}</span>;
}

/** What WhatsApp says of the number, or what is known of the phone. */
export function WhatsAppFacts({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { day, number } = useFormat();
  const linkFacts = useLinkFacts();
  const quality = qualityOf(account);
  const { token_expires_at: end } = account;
  const tokenEnd =
    account.checked_at === null ? (
      <span className="text-faint">{t('accounts.notKnown')}</span>
    ) : end === null ? (
      t('accounts.tokenStays')
    ) : (
      t('accounts.tokenEnds', { day: day(end) })
    );
  const unknown = <span className="text-faint">{t('accounts.notKnown')}</span>;
  const common = [
    [t('accounts.sentInAll'), number(account.counters.called)],
    [t('accounts.receivedInAll'), number(account.counters.received)],
    [t('accounts.since'), day(account.created_at)],
  ] as const;
  if (account.capabilities.simulated) return <Facts facts={common} />;
  if (account.link) return <Facts facts={[...linkFacts(account, account.link), ...common]} />;
  return (
    <Facts
      facts={[
        [t('accounts.verifiedName'), account.verified_name ?? unknown],
        [t('accounts.qualityLabel'), quality ? t(`quality.${quality}`) : unknown],
        [t('accounts.tier'), account.messaging_limit ?? unknown],
        [t('accounts.throughput'), account.throughput ?? unknown],
        [t('accounts.numberState'), stateOf(account) ?? unknown],
        [t('accounts.sending'), <Sending key="sending" account={account} />],
        [
          t('accounts.inApp'),
          account.is_on_biz_app === null ? unknown : t(account.is_on_biz_app ? 'accounts.yes' : 'accounts.no'),
        ],
        [t('accounts.marketing'), marketingOf(account) ?? unknown],
        [t('accounts.token'), tokenEnd],
        [t('accounts.webhooks'), <Webhooks key="webhooks" account={account} />],
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
