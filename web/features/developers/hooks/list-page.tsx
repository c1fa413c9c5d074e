// Developers, hooks: addresses that other programs call; what they say reaches people on WhatsApp.
import type { Hook, NewHook } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus, Radio } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { ListPage } from '../../../components/list-page.tsx';
import { Dot, type Health } from '../../../components/marks.tsx';
import { Empty } from '../../../components/states.tsx';
import { hooksQuery } from '../../../data/hooks.ts';
import { useFormat } from '../../../kit/format.ts';
import { AccountNames } from '../../accounts/index.ts';
import { SecretCard } from '../secret-card.tsx';
import { DevelopersTabs } from '../tabs.tsx';
import { NewHookDialog } from './new-dialog.tsx';
import { useFormatName, WritesTo } from './words.tsx';

export function HooksPage() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(hooksQuery);
  const [isNew, setIsNew] = useState(false);
  const [made, setMade] = useState<NewHook>();
  return (
    <ListPage
      title={t('developers.title')}
      example={{
        method: 'POST',
        path: '/api/v1/hooks',
        body: { name: 'Grafana', account_id: 'acc_…', contact_ids: ['con_…'] },
        sdk: "const { url } = await recado.hooks.create({\n  name: 'Grafana',\n  account_id: 'acc_…',\n  contact_ids: ['con_…'],\n});",
      }}
      buttons={
        <Button kind={made ? 'line' : 'primary'} icon={Plus} onClick={() => setIsNew(true)}>
          {t('developers.hooks.new')}
        </Button>
      }
      tabs={count => <DevelopersTabs count={count} />}
      before={
        <>
          <p className="max-w-[76ch] text-muted">{t('developers.hooks.words')}</p>
          {made && (
            <SecretCard
              title={t('developers.hooks.made', { name: made.name })}
              once={t('developers.hooks.once')}
              label={t('developers.hooks.address')}
              secret={made.url}
              onClose={() => setMade(undefined)}
            />
          )}
        </>
      }
      list={list}
      label={t('developers.hooks.title')}
      failed={t('developers.hooks.failed')}
      columns={useColumns()}
      empty={
        <Empty icon={Radio} title={t('developers.hooks.empty')}>
          {t('developers.hooks.emptyWords')}
        </Empty>
      }
    >
      {isNew && <NewHookDialog onClose={() => setIsNew(false)} onMade={setMade} />}
    </ListPage>
  );
}

const healthOf = ({ last_call: last, contact_ids: contacts }: Hook): Health => {
  if (contacts.length === 0 || last?.outcome === 'failed') return 'danger';
  if (last === null) return 'off';
  return last.outcome === 'rejected' ? 'warning' : 'success';
};

function useColumns() {
  const { t } = useTranslation();
  const { when, exact, number } = useFormat();
  const formatName = useFormatName();
  return [
    {
      head: t('developers.hooks.hook'),
      look: 'wide small-full',
      cell: (hook: Hook) => (
        <span className="inline-flex items-center gap-2">
          <Dot health={healthOf(hook)} />
          <Link
            to="/developers/hooks/$hookId"
            params={{ hookId: hook.id }}
            className="font-medium text-text no-underline hover:underline"
          >
            <bdi>{hook.name}</bdi>
          </Link>
        </span>
      ),
    },
    {
      head: t('developers.hooks.format'),
      look: 'small-hidden text-muted',
      cell: ({ format }: Hook) => formatName(format),
    },
    {
      head: t('developers.hooks.writesTo'),
      look: 'small-full text-muted',
      cell: (hook: Hook) => <WritesTo hook={hook} />,
    },
    {
      head: t('developers.hooks.from'),
      look: 'small-hidden text-muted',
      cell: ({ account_id: id }: Hook) => <AccountNames ids={[id]} />,
    },
    {
      head: t('developers.hooks.calls'),
      end: true,
      look: 'num',
      cell: ({ calls }: Hook) => t('developers.hooks.inDay', { number: number(calls) }),
    },
    {
      head: t('developers.hooks.last'),
      end: true,
      look: 'text-muted',
      title: ({ last_call: last }: Hook) => (last === null ? undefined : exact(last.at)),
      cell: ({ last_call: last }: Hook) => (last === null ? '–' : when(last.at)),
    },
  ];
}
