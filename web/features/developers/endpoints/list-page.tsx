// Developers, endpoints: where Recado posts events, and how each of them answers.
import type { Endpoint, NewEndpoint } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus, Webhook } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { ListPage } from '../../../components/list-page.tsx';
import { Empty } from '../../../components/states.tsx';
import { endpointsQuery } from '../../../data/endpoints.ts';
import { useMay } from '../../../data/me.ts';
import { SecretCard } from '../secret-card.tsx';
import { DevelopersTabs } from '../tabs.tsx';
import { EndpointDialog } from './endpoint-dialog.tsx';
import { EndpointState, hostOf } from './state.tsx';

export function EndpointsPage() {
  const { t } = useTranslation();
  const mayManage = useMay('endpoints.manage');
  const list = useInfiniteQuery(endpointsQuery);
  const [isNew, setIsNew] = useState(false);
  const [made, setMade] = useState<NewEndpoint>();
  const create = (
    <Button kind={made ? 'line' : 'primary'} icon={Plus} onClick={() => setIsNew(true)}>
      {t('developers.endpoints.new')}
    </Button>
  );
  return (
    <ListPage
      title={t('developers.title')}
      example={{
        method: 'POST',
        path: '/api/v1/endpoints',
        body: { url: 'https://example.com/recado', event_types: ['message.received'] },
        sdk: "const { secret } = await recado.endpoints.create({\n  url: 'https://example.com/recado',\n  event_types: ['message.received'],\n});",
      }}
      buttons={mayManage && create}
      tabs={count => <DevelopersTabs count={count} />}
      before={
        made?.secret && (
          <SecretCard
            title={t('developers.endpoints.made', { host: hostOf(made.url) })}
            once={t('developers.endpoints.once')}
            label={t('developers.endpoints.secret')}
            secret={made.secret}
            onClose={() => setMade(undefined)}
          />
        )
      }
      list={list}
      label={t('developers.endpoints.title')}
      failed={t('developers.endpoints.failed')}
      columns={useColumns()}
      empty={
        <Empty icon={Webhook} title={t('developers.endpoints.empty')}>
          {t('developers.endpoints.emptyWords')}
        </Empty>
      }
    >
      {isNew && <EndpointDialog onClose={() => setIsNew(false)} onMade={setMade} />}
    </ListPage>
  );
}

function useColumns() {
  const { t } = useTranslation();
  return [
    {
      head: t('developers.endpoints.endpoint'),
      look: 'wide small-full',
      cell: (endpoint: Endpoint) => (
        <>
          <Link
            to="/developers/endpoints/$endpointId"
            params={{ endpointId: endpoint.id }}
            className="font-medium text-text no-underline hover:underline"
          >
            <bdi dir="ltr">{hostOf(endpoint.url)}</bdi>
          </Link>
          <span className="cut block text-12 text-muted">
            <bdi>{endpoint.description ?? endpoint.url}</bdi>
          </span>
        </>
      ),
    },
    {
      head: t('developers.endpoints.state'),
      look: 'small-full',
      cell: (endpoint: Endpoint) => <EndpointState endpoint={endpoint} />,
    },
    {
      head: t('developers.endpoints.types'),
      look: 'max-w-80 cut text-muted',
      title: ({ event_types: types }: Endpoint) => types?.join(', '),
      cell: ({ event_types: types }: Endpoint) => types?.join(', ') ?? t('developers.endpoints.allTypes'),
    },
  ];
}
