// All accounts: what needs attention first.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus, Smartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { Page } from '../../../components/page.tsx';
import { Answer, Empty, SkeletonCard } from '../../../components/states.tsx';
import { Card } from '../../../components/surfaces.tsx';
import { accountsQuery } from '../../../data/accounts.ts';
import { useMay } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { RemoveDemoButton } from '../../demo/index.ts';
import { byUrgency } from '../reason.ts';
import { AccountCard } from './account-card.tsx';

const skeleton = (
  <div className="grid gap-4">
    <SkeletonCard className="h-40" />
    <SkeletonCard className="h-40" />
  </div>
);

export function AccountsPage() {
  const { t } = useTranslation();
  const { number } = useFormat();
  const mayManage = useMay('accounts.manage');
  const accounts = useQuery(accountsQuery);
  const rows = accounts.data?.rows;
  const connect = (
    <Link to="/accounts/new" className={buttonLook('primary')}>
      <Plus size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
      {t('accounts.connect')}
    </Link>
  );
  const example = {
    method: 'GET',
    path: '/api/v1/accounts',
    sdk: 'for await (const account of recado.accounts.list())\n  console.log(account.name, account.status, account.status_reason);',
  };
  return (
    <Page
      title={t('nav.accounts')}
      count={rows && number(rows.length)}
      example={example}
      actions={mayManage && rows?.length !== 0 && connect}
    >
      <Answer query={accounts} failed={t('accounts.failed')} skeleton={skeleton}>
        {({ rows: all }) =>
          all.length > 0 ? (
            <ul className="grid grid-cols-[minmax(0,1fr)] gap-4">
              {[...all].sort(byUrgency).map(account => (
                <li key={account.id}>
                  <AccountCard listed={account} />
                </li>
              ))}
            </ul>
          ) : (
            <Card>
              <Empty icon={Smartphone} title={t('accounts.empty')} action={mayManage && connect}>
                {t('accounts.emptyWords')}
              </Empty>
            </Card>
          )
        }
      </Answer>
      <RemoveDemoButton />
    </Page>
  );
}
