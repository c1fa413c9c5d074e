// All accounts: what needs attention first.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { CutNote, More, useCount } from '../../../components/list-table.tsx';
import { Page } from '../../../components/page.tsx';
import { Answer, Empty, SkeletonCard } from '../../../components/states.tsx';
import { Card } from '../../../components/surfaces.tsx';
import { accountsQuery } from '../../../data/accounts.ts';
import { useMay } from '../../../data/me.ts';
import { DemoButton, RemoveDemoButton } from '../../demo/index.ts';
import { byUrgency } from '../reason.ts';
import { AccountCard } from './account-card.tsx';

/** Each card asks for the figures of its account. */
const step = 50;

const skeleton = (
  <div className="grid gap-4">
    <SkeletonCard className="h-40" />
    <SkeletonCard className="h-40" />
  </div>
);

export function AccountsPage() {
  const { t } = useTranslation();
  const mayManage = useMay('accounts.manage');
  const accounts = useQuery(accountsQuery);
  const [most, setMost] = useState(step);
  const isEmpty = accounts.data?.rows.length === 0;
  const list = {
    data: accounts.data && {
      rows: [...accounts.data.rows].sort(byUrgency).slice(0, most),
      total: accounts.data.total,
    },
    error: accounts.error,
    refetch: accounts.refetch,
    hasNextPage: most < (accounts.data?.rows.length ?? 0),
    isFetchingNextPage: false,
    fetchNextPage: () => setMost(most + step),
  };
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
    <Page title={t('nav.accounts')} count={useCount(list)} example={example} actions={mayManage && !isEmpty && connect}>
      <Answer query={list} failed={t('accounts.failed')} skeleton={skeleton}>
        {({ rows }) =>
          rows.length > 0 ? (
            <>
              <ul className="grid grid-cols-[minmax(0,1fr)] gap-4">
                {rows.map(account => (
                  <li key={account.id}>
                    <AccountCard listed={account} />
                  </li>
                ))}
              </ul>
              <More list={list} />
              {!list.hasNextPage && <CutNote whole={accounts.data} />}
            </>
          ) : (
            <Card>
              <Empty
                icon={Smartphone}
                title={t('accounts.empty')}
                action={
                  <span className="flex flex-wrap justify-center gap-2">
                    {mayManage && connect}
                    <DemoButton kind="line" />
                  </span>
                }
              >
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
