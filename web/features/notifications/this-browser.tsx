// Where the person is told while nobody looks: this browser with its permission, and the devices that subscribed.
import type { PushSubscription } from '@recado/client';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { MonitorSmartphone } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Device } from '../../components/device.tsx';
import { Switch } from '../../components/field.tsx';
import { ListTable } from '../../components/list-table.tsx';
import { Dot } from '../../components/marks.tsx';
import { Empty } from '../../components/states.tsx';
import { Card, CardBody, CardHead, Setting } from '../../components/surfaces.tsx';
import { deletePushSubscription, pushSubscriptionsQuery } from '../../data/notifications.ts';
import { useFormat } from '../../kit/format.ts';
import {
  askForNotifications,
  notificationPermission,
  setNoticeSetting,
  useNoticeSetting,
} from '../../kit/notice-settings.ts';
import { hasPush, subscribe, unsubscribe } from '../../kit/push.ts';
import { useAction } from '../../kit/use-action.ts';

export function ThisBrowser() {
  const { t } = useTranslation();
  const hasSound = useNoticeSetting('sound') !== false;
  const chosen = useNoticeSetting('notifications');
  const [permission, setPermission] = useState(notificationPermission);
  const isOn = permission === 'granted' && chosen !== false;
  const client = useQueryClient();
  const change = useAction({
    act: async (isWanted: boolean) => {
      if (isWanted && permission === 'default') setPermission(await askForNotifications());
      else setNoticeSetting('notifications', isWanted);
      if (!hasPush()) return;
      if (!isWanted) await unsubscribe();
      else if (notificationPermission() === 'granted') await subscribe();
      await client.invalidateQueries({ queryKey: pushSubscriptionsQuery.queryKey });
    },
  });
  const isImpossible = permission === 'denied' || permission === 'unsupported';
  return (
    <Card>
      <CardHead title={t('hear.thisBrowser')} />
      <CardBody>
        <div className="grid gap-4">
          {isImpossible && (
            <Banner tone="warning" flat title={t(`hear.blocked.${permission}`)}>
              {t(`hear.why.${permission}`)}
            </Banner>
          )}
          <div>
            <Setting title={t('hear.notifications')} hint={t(hasPush() ? 'hear.pushHint' : 'hear.notificationsHint')}>
              <Switch
                hidden
                label={t('hear.notifications')}
                checked={isOn}
                disabled={isImpossible || change.isPending}
                onChange={({ target }) => change.mutate(target.checked)}
              />
            </Setting>
            <Setting title={t('hear.soundHere')} hint={t('hear.soundHereHint')}>
              <Switch
                hidden
                label={t('hear.soundHere')}
                checked={hasSound}
                onChange={({ target }) => setNoticeSetting('sound', target.checked)}
              />
            </Setting>
          </div>
        </div>
      </CardBody>
    </Card>
  );
}

/** The browsers that are told while no page is open. */
export function Devices() {
  const { t } = useTranslation();
  const { when } = useFormat();
  const list = useInfiniteQuery(pushSubscriptionsQuery);
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h2>{t('hear.devices')}</h2>
      <ListTable
        short
        list={list}
        label={t('hear.devices')}
        failed={t('hear.devicesFailed')}
        columns={[
          {
            head: t('you.device'),
            look: 'wide small-full',
            cell: (device: PushSubscription) => <Device session={device} />,
          },
          {
            head: t('hear.shows'),
            look: 'small-full',
            cell: ({ error }: PushSubscription) => (
              <span className="flex items-center gap-1.5">
                <Dot health={error === null ? 'success' : 'warning'} />
                <span className="cut">{error ?? t('hear.allowed')}</span>
              </span>
            ),
          },
          {
            head: t('hear.at'),
            end: true,
            look: 'text-muted',
            cell: ({ last_at }: PushSubscription) => (last_at === null ? t('hear.notYet') : when(last_at)),
          },
        ]}
        actions={device => <End device={device} />}
        empty={
          <Empty icon={MonitorSmartphone} title={t('hear.noDevices')}>
            {t('hear.noDevicesWords')}
          </Empty>
        }
      />
    </section>
  );
}

function End({ device: { id, current } }: { device: PushSubscription }) {
  const { t } = useTranslation();
  const end = useAction({
    ...deletePushSubscription,
    done: t('hear.ended'),
    onDone: () => {
      if (current) void unsubscribe();
    },
  });
  return (
    <Button kind="line" size="small" busy={end.isPending} onClick={() => end.mutate(id)}>
      {t('hear.end')}
    </Button>
  );
}
