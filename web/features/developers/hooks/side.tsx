// What people read of a call, and how a program or a script calls.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Bubble } from '../../../components/bubble.tsx';
import { Segments } from '../../../components/choose.tsx';
import { CodeBlock } from '../../../components/code.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';

const views = ['firing', 'resolved', 'grouped'] as const;
type View = (typeof views)[number];

/** As the server writes them, in English: tests/browser/hooks.test.ts compares. */
const letters: Record<View, readonly [string, string]> = {
  firing: ['Grafana: DiskFull on db-1', '4% left · severity critical'],
  resolved: ['Over: Grafana: DiskFull on db-1', '4% left · severity critical'],
  grouped: ['2 alerts', 'Firing: Grafana: DiskFull on db-1\nFiring: Uptime Kuma: Shop'],
};

export function Preview() {
  const { t } = useTranslation();
  const [view, setView] = useState<View>('firing');
  const [now] = useState(() => new Date().toISOString());
  const [title, text] = letters[view];
  return (
    <Card className="bg-sunken">
      <CardHead title={t('developers.hooks.preview')}>
        <Segments
          label={t('developers.hooks.preview')}
          value={view}
          options={views.map(value => ({ value, label: t(`developers.hooks.view.${value}`) }))}
          onChange={setView}
        />
      </CardHead>
      <CardBody>
        <div lang="en" dir="ltr">
          <Bubble who={t('developers.hooks.hook')} at={now}>
            <b>{title}</b>
            <br />
            <span className="whitespace-pre-line">{text}</span>
          </Bubble>
        </div>
      </CardBody>
    </Card>
  );
}

const sample = {
  status: 'firing',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'DiskFull', instance: 'db-1', severity: 'critical' },
      annotations: { summary: '4% left' },
    },
  ],
};

export function Samples() {
  const { t } = useTranslation();
  const address = `${window.location.origin}/hooks/hk_…`;
  const tabs = {
    [t('developers.hooks.whatCame')]: JSON.stringify(sample, null, 2),
    Alertmanager: `receivers:\n  - name: whatsapp\n    webhook_configs:\n      - url_file: /etc/alertmanager/recado-hook\n        send_resolved: true`,
    [t('developers.hooks.plainText')]:
      `curl ${address} \\\n  -H 'content-type: text/plain' \\\n  -d 'Backup failed: disk 3 is gone'`,
  };
  return <CodeBlock tabs={tabs} />;
}
