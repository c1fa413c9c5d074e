// Settings, notifications: the channels and what goes where, grouping, quiet hours, the call of each minute, deliveries.
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Page } from '../../../components/page.tsx';
import { Answer, SkeletonCard } from '../../../components/states.tsx';
import { channelsQuery } from '../../../data/alerts.ts';
import { SettingsTabs } from '../../settings-tabs.tsx';
import { ChannelDialog } from './channel-dialog.tsx';
import { Channels, Matrix } from './channels.tsx';
import { Deliveries } from './deliveries.tsx';
import { Grouping, Ping, Quiet } from './settings.tsx';

const example = {
  method: 'POST',
  path: '/api/v1/alert-channels',
  body: { kind: 'slack', url: 'https://hooks.slack.com/services/…', tells: ['critical', 'warning'] },
  sdk: "await recado.alertChannels.create({\n  kind: 'slack',\n  url: 'https://hooks.slack.com/services/…',\n});",
};

export function NotificationsPage() {
  const { t } = useTranslation();
  const [isNew, setIsNew] = useState(false);
  const query = useQuery(channelsQuery);
  const add = (
    <Button kind="primary" icon={Plus} onClick={() => setIsNew(true)}>
      {t('alerts.newChannel')}
    </Button>
  );
  return (
    <Page title={t('settings.title')} example={example} actions={add}>
      <SettingsTabs />
      <Answer query={query} failed={t('alerts.failed')} skeleton={<SkeletonCard className="h-80" />}>
        {channels => (
          <>
            <Channels channels={channels} />
            <div className="grid items-start gap-4 md:gap-6 lg:grid-cols-12">
              <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:col-span-7">
                <Matrix channels={channels} />
                <Grouping />
              </div>
              <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:col-span-5">
                <Quiet />
                <Ping />
              </div>
            </div>
          </>
        )}
      </Answer>
      <Deliveries />
      {isNew && <ChannelDialog onClose={() => setIsNew(false)} />}
    </Page>
  );
}
