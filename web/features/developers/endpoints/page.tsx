// One endpoint: what became of its deliveries, each with its attempts, and what can be done about them.
import type { RotatedSecret, ShownEndpoint } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { FlaskConical, History, KeyRound, Pause, Pencil, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { MenuItem, MenuRule } from '../../../components/menu.tsx';
import { Page } from '../../../components/page.tsx';
import { PageOfOne } from '../../../components/page-of-one.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { Card, CardBody, CardHead, Facts } from '../../../components/surfaces.tsx';
import {
  type DeliveryCounts,
  dayQuery,
  deleteEndpoint,
  endpointQuery,
  testEndpoint,
  updateEndpoint,
} from '../../../data/endpoints.ts';
import { useMay } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { AccountNames } from '../../accounts/index.ts';
import { SecretCard } from '../secret-card.tsx';
import { Deliveries } from './deliveries.tsx';
import { EndpointDialog } from './endpoint-dialog.tsx';
import { RecoverDialog } from './recover-dialog.tsx';
import { RotateDialog } from './rotate-dialog.tsx';
import { EndpointState, hostOf } from './state.tsx';

const back = { to: '/developers/endpoints' } as const;

export function EndpointPage() {
  const { t } = useTranslation();
  const { endpointId } = useParams({ from: '/inside/developers/endpoints/$endpointId' });
  const query = useQuery(endpointQuery(endpointId));
  return (
    <PageOfOne
      query={query}
      title={t('developers.endpoints.endpoint')}
      back={{ ...back, label: t('developers.endpoints.title') }}
      failed={t('developers.endpoints.failed')}
    >
      {endpoint => <Shown endpoint={endpoint} />}
    </PageOfOne>
  );
}

type Open = 'edit' | 'recover' | 'rotate' | 'delete' | undefined;

function Shown({ endpoint }: { endpoint: ShownEndpoint }) {
  const { t } = useTranslation();
  const mayManage = useMay('endpoints.manage');
  const [open, setOpen] = useState<Open>();
  const [rotated, setRotated] = useState<RotatedSecret>();
  const close = () => setOpen(undefined);
  const { id } = endpoint;
  const test = useAction({ ...testEndpoint, done: t('developers.endpoints.tested') });
  const toggle = useAction({ ...updateEndpoint });
  const isActive = endpoint.status === 'active';
  const actions = mayManage && (
    <>
      {endpoint.status !== 'disabled' && (
        <Button
          kind="line"
          icon={FlaskConical}
          busy={test.isPending}
          onClick={() => test.mutate({ id, type: undefined })}
        >
          {t('developers.endpoints.test')}
        </Button>
      )}
      <Button kind="primary" icon={History} onClick={() => setOpen('recover')}>
        {t('developers.endpoints.recover')}
      </Button>
      <RowMenu name={hostOf(endpoint.url)} isLarge>
        <MenuItem icon={Pencil} onSelect={() => setOpen('edit')}>
          {t('developers.endpoints.edit')}
        </MenuItem>
        <MenuItem
          icon={isActive ? Pause : Play}
          onSelect={() => toggle.mutate({ id, status: isActive ? 'paused' : 'active' })}
        >
          {t(isActive ? 'developers.endpoints.pause' : 'developers.endpoints.resume')}
        </MenuItem>
        <MenuItem icon={KeyRound} onSelect={() => setOpen('rotate')}>
          {t('developers.endpoints.rotate')}
        </MenuItem>
        <MenuRule />
        <MenuItem icon={Trash2} danger onSelect={() => setOpen('delete')}>
          {t('developers.endpoints.delete')}
        </MenuItem>
      </RowMenu>
    </>
  );
  return (
    <Page
      title={hostOf(endpoint.url)}
      back={{ ...back, label: t('developers.endpoints.title') }}
      example={{
        method: 'GET',
        path: `/api/v1/endpoints/${id}/deliveries?status=failed`,
        sdk: `for await (const delivery of recado.endpoints.listDeliveries('${id}', { status: 'failed' }))\n  await recado.endpoints.resendDelivery('${id}', delivery.id);`,
      }}
      actions={actions}
    >
      {rotated?.secret && (
        <SecretCard
          title={t('developers.endpoints.rotated')}
          once={t('developers.endpoints.once')}
          label={t('developers.endpoints.secret')}
          secret={rotated.secret}
          onClose={() => setRotated(undefined)}
        />
      )}
      <div className="grid items-start gap-4 md:gap-6 lg:grid-cols-2">
        <Day id={id} />
        <About endpoint={endpoint} />
      </div>
      <Deliveries endpointId={id} />
      {open === 'edit' && <EndpointDialog endpoint={endpoint} onClose={close} />}
      {open === 'recover' && <RecoverDialog endpoint={endpoint} onClose={close} />}
      {open === 'rotate' && <RotateDialog id={id} onClose={close} onRotated={setRotated} />}
      {open === 'delete' && <DeleteDialog endpoint={endpoint} onClose={close} />}
    </Page>
  );
}

const outcomes = ['succeeded', 'waiting', 'failed'] as const;
const colours = { succeeded: 'var(--stage-read)', waiting: 'var(--stage-waiting)', failed: 'var(--stage-failed)' };
/** The API counts no further. */
const mostCounted = 10_000;

/** What became of the deliveries of the last 24 hours. */
function Day({ id }: { id: string }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { data } = useQuery(dayQuery(id));
  const shown = (outcome: (typeof outcomes)[number], counts: DeliveryCounts) => {
    const count = counts[outcome];
    return count === null ? `${number(mostCounted)}+` : number(count);
  };
  const sum = data ? outcomes.reduce((total, outcome) => total + (data[outcome] ?? mostCounted), 0) : 0;
  return (
    <Card>
      <CardHead title={t('developers.endpoints.day')} />
      <CardBody className="grid gap-4">
        <span className="flex h-2 gap-0.5 overflow-hidden rounded-[2px] bg-track" aria-hidden="true">
          {data &&
            sum > 0 &&
            outcomes.map(outcome => (
              <span
                key={outcome}
                style={{ flex: `${data[outcome] ?? mostCounted} 0 0`, background: colours[outcome] }}
              />
            ))}
        </span>
        <Facts
          facts={outcomes.map(outcome => [
            t(`developers.endpoints.delivery.${outcome}`),
            <span key={outcome} className="num">
              {data ? shown(outcome, data) : '…'}
            </span>,
          ])}
        />
      </CardBody>
    </Card>
  );
}

function About({ endpoint }: { endpoint: ShownEndpoint }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { waiting } = endpoint.deliveries;
  return (
    <Card>
      <CardHead title={t('developers.endpoints.endpoint')} />
      <CardBody>
        <Facts
          facts={[
            [t('developers.endpoints.state'), <EndpointState key="state" endpoint={endpoint} />],
            [
              t('developers.endpoints.url'),
              <code key="url" dir="ltr">
                {endpoint.url}
              </code>,
            ],
            [t('developers.endpoints.types'), endpoint.event_types?.join(', ') ?? t('developers.endpoints.allTypes')],
            ...(endpoint.sees_numbers ? [] : [[t('people.numbers.label'), t('people.numbers.masked')] as const]),
            [t('people.accounts'), <AccountNames key="accounts" ids={endpoint.account_ids} />],
            [
              t('developers.endpoints.delivery.waiting'),
              waiting === null ? `${number(mostCounted)}+` : number(waiting),
            ],
          ]}
        />
      </CardBody>
    </Card>
  );
}

function DeleteDialog({ endpoint, onClose }: { endpoint: ShownEndpoint; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useAction({
    ...deleteEndpoint,
    done: t('developers.endpoints.deleted', { host: hostOf(endpoint.url) }),
    onDone: () => void navigate(back),
  });
  return (
    <ConfirmDialog
      title={t('developers.endpoints.deleteTitle', { host: hostOf(endpoint.url) })}
      keep={t('developers.endpoints.keep')}
      confirm={t('developers.endpoints.delete')}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(endpoint.id)}
      onClose={onClose}
    >
      <p>{t('developers.endpoints.deleteWords')}</p>
    </ConfirmDialog>
  );
}
