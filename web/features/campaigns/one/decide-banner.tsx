// The messages of a campaign that ended without a known outcome: a person decides of all at once.
import type { Campaign } from '@recado/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button } from '../../../components/button.tsx';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { decideCampaign } from '../../../data/campaigns.ts';
import { useMay } from '../../../data/me.ts';
import { useAction } from '../../../kit/use-action.ts';

export function DecideBanner({ id, unknown }: { id: Campaign['id']; unknown: number }) {
  const { t } = useTranslation();
  const may = useMay('messages.update');
  const [asks, setAsks] = useState(false);
  const decide = useAction({
    ...decideCampaign,
    done: ({ count }: { count: number }) => t('campaigns.decided', { count }),
    onDone: () => setAsks(false),
  });
  const buttons = (
    <span className="flex flex-wrap gap-2">
      <Button
        kind="line"
        size="small"
        busy={decide.isPending && !asks}
        onClick={() => decide.mutate({ id, resolution: 'sent' })}
      >
        {t('campaigns.decideArrived', { count: unknown })}
      </Button>
      <Button kind="line" size="small" onClick={() => setAsks(true)}>
        {t('campaigns.decideAgain', { count: unknown })}
      </Button>
    </span>
  );
  return (
    <>
      <Banner tone="warning" title={t('campaigns.decideTitle', { count: unknown })} action={may && buttons}>
        {t('campaigns.decideWords')}
      </Banner>
      {asks && (
        <ConfirmDialog
          title={t('campaigns.decideAgainTitle', { count: unknown })}
          keep={t('action.cancel')}
          confirm={t('campaigns.decideAgain', { count: unknown })}
          onConfirm={() => decide.mutate({ id, resolution: 'retry' })}
          onClose={() => setAsks(false)}
          busy={decide.isPending}
        >
          <p>{t('campaigns.decideAgainWords')}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
