// Settings, cost: rate cards and what a new one changes, caps, surcharges, and the comparison with what WhatsApp bills.
import { useQuery } from '@tanstack/react-query';
import { Upload } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Page } from '../../../components/page.tsx';
import { Answer, SkeletonCard } from '../../../components/states.tsx';
import { costQuery, costSettingsQuery, rateCardsQuery } from '../../../data/cost.ts';
import { useMayEverywhere } from '../../../data/me.ts';
import { SettingsTabs } from '../../settings-tabs.tsx';
import { CapsCard } from './caps-card.tsx';
import { ChangesCard } from './changes-card.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { RateCards } from './rate-cards.tsx';
import { ReconciliationPart } from './reconciliation-part.tsx';
import { SurchargeCard } from './surcharge-card.tsx';

const example = {
  method: 'PATCH',
  path: '/api/v1/cost/settings',
  body: { cap: '2500', campaign_cap: '300' },
  sdk: "await recado.cost.updateSettings({ cap: '2500', campaign_cap: '300' });",
};

export function CostSettingsPage() {
  const { t } = useTranslation();
  const mayManage = useMayEverywhere('cost.manage');
  const [isImporting, setImporting] = useState(false);
  const cards = useQuery(rateCardsQuery);
  const settings = useQuery(costSettingsQuery);
  const month = useQuery(costQuery(undefined));
  const draft = cards.data?.data.find(({ state }) => state === 'draft');
  return (
    <Page
      title={t('settings.title')}
      example={example}
      actions={
        mayManage && (
          <Button kind="primary" icon={Upload} onClick={() => setImporting(true)}>
            {t('cost.import')}
          </Button>
        )
      }
    >
      <SettingsTabs />
      <Answer query={cards} failed={t('cost.cardsFailed')} skeleton={<SkeletonCard className="h-56" />}>
        {({ data }) => <RateCards cards={data} />}
      </Answer>
      {draft && <ChangesCard key={draft.id} draft={draft} mayManage={mayManage} />}
      <Answer query={settings} failed={t('cost.settingsFailed')} skeleton={<SkeletonCard className="h-72" />}>
        {data => (
          <div className="grid items-start gap-4 md:gap-6 lg:grid-cols-12">
            <CapsCard settings={data} month={month.data} mayManage={mayManage} />
            <SurchargeCard settings={data} mayManage={mayManage} />
          </div>
        )}
      </Answer>
      <ReconciliationPart currency={settings.data?.currency ?? null} />
      {isImporting && <ImportDialog onClose={() => setImporting(false)} />}
    </Page>
  );
}
