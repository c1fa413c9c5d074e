// Why no message of a running campaign leaves.
import type { Campaign } from '@recado/client';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { useMay } from '../../../data/me.ts';
import { useNow } from '../../../kit/use-now.ts';
import { useReasonWords, useUntilWords } from '../../../words/waiting.ts';

export function WaitingBanner({ waiting }: { waiting: NonNullable<Campaign['waiting']> }) {
  const { t } = useTranslation();
  const { reason, until, account_id: accountId, messages } = waiting;
  const accounts = useAccounts(useMay('accounts.read'));
  const account = accounts.find(({ id }) => id === accountId);
  const because = useReasonWords();
  const ends = useUntilWords();
  const now = useNow(1_000);
  const maySee = useMay('messages.read');
  const link = (
    <Link to="/queue" search={{ status: 'waiting', account: accountId, reason }}>
      {t('campaigns.seeWaiting', { count: messages })}
    </Link>
  );
  return (
    <Banner
      tone="info"
      title={t('campaigns.waitsTitle', { count: messages, reason: t(`queue.reason.${reason}`) })}
      action={maySee && link}
    >
      <bdi>{because(reason, account)}</bdi> · {ends(reason, until, now)}
    </Banner>
  );
}
