// A draft: message, people, time and rules, saved as they are written; beside them what would happen.
import type { Campaign } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useParams } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { LinkButton } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { LeaveGuard } from '../../../components/leave-guard.tsx';
import { MenuItem } from '../../../components/menu.tsx';
import { Page } from '../../../components/page.tsx';
import { PageOfOne } from '../../../components/page-of-one.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { campaignCheckQuery, campaignQuery } from '../../../data/campaigns.ts';
import { useErrorText } from '../../../kit/use-error-text.ts';
import { DeleteDialog } from '../one/actions.tsx';
import { faultsOf, settingsOf } from './draft.ts';
import { MessageSection } from './message-section.tsx';
import { PeopleSection } from './people-section.tsx';
import type { Problem, Section } from './problems.ts';
import { LimitsSection, RulesSection } from './rules-section.tsx';
import { OutlookCard, PreviewCard } from './side.tsx';
import { type AutoSave, useAutoSave } from './use-auto-save.ts';
import { WhenSection } from './when-section.tsx';

export function EditCampaignPage() {
  const { t } = useTranslation();
  const { campaignId } = useParams({ from: '/inside/campaigns/$campaignId/edit' });
  const campaign = useQuery(campaignQuery(campaignId));
  const back = { to: '/campaigns', label: t('campaigns.back') } as const;
  return (
    <PageOfOne query={campaign} title={t('campaigns.campaign')} back={back} failed={t('campaigns.failedOne')}>
      {shown =>
        shown.state === 'draft' ? (
          <Editor key={shown.id} campaign={shown} back={back} reread={async () => (await campaign.refetch()).data} />
        ) : (
          <Navigate to="/campaigns/$campaignId" params={{ campaignId }} replace ignoreBlocker />
        )
      }
    </PageOfOne>
  );
}

interface Props {
  campaign: Campaign;
  back: { to: '/campaigns'; label: string };
  reread: () => Promise<Campaign | undefined>;
}

function Editor({ campaign, back, reread }: Props) {
  const { t } = useTranslation();
  const saving = useAutoSave(campaign);
  const { draft, set, revision, isUnsaved } = saving;
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [isDeleting, setDeleting] = useState(false);
  const outlook = useQuery(campaignCheckQuery(campaign.id, revision));
  const faults = faultsOf(draft);
  // A problem stays at its field as long as the check finds it too.
  const shown = problems.filter(({ field }) => outlook.data?.problems.some(each => each.field === field) ?? true);
  const body = settingsOf(draft);
  const example = {
    method: 'PATCH',
    path: `/api/v1/campaigns/${campaign.id}`,
    body,
    sdk: `await recado.campaigns.update('${campaign.id}', ${JSON.stringify(body, null, 2)});\nconsole.log(await recado.campaigns.check('${campaign.id}'));\nawait recado.campaigns.start('${campaign.id}');`,
  };
  const actions = (
    <>
      <SaveWords saving={saving} />
      <RowMenu name={campaign.name} isLarge>
        <MenuItem icon={Trash2} danger onSelect={() => setDeleting(true)}>
          {t('campaigns.delete')}
        </MenuItem>
      </RowMenu>
    </>
  );
  return (
    <Page title={campaign.name} back={back} example={example} actions={actions}>
      <LeaveGuard
        when={isUnsaved}
        title={t('campaigns.leaveTitle')}
        keep={t('campaigns.goOnEditing')}
        confirm={t('campaigns.leaveConfirm')}
      >
        {t('campaigns.leaveWords')}
      </LeaveGuard>
      {saving.isOvertaken && (
        <Banner
          tone="warning"
          title={t('campaigns.overtaken')}
          action={
            <button type="button" onClick={() => void reread().then(newer => newer && saving.adopt(newer))}>
              {t('campaigns.reload')}
            </button>
          }
        >
          {t('campaigns.overtakenWords')}
        </Banner>
      )}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:gap-6 lg:grid-cols-12">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:col-span-7 xl:col-span-8">
          <Field
            label={t('campaigns.name')}
            hint={t('campaigns.nameHint')}
            error={faults.includes('name') && t('form.missing')}
          >
            <Input value={draft.name} maxLength={100} onChange={({ target }) => set({ name: target.value })} />
          </Field>
          <Anchor section="message">
            <MessageSection draft={draft} set={set} problems={shown} />
          </Anchor>
          <Anchor section="people">
            <PeopleSection draft={draft} set={set} problems={shown} outlook={outlook.data} />
          </Anchor>
          <Anchor section="when">
            <WhenSection draft={draft} set={set} problems={shown} faults={faults} />
          </Anchor>
          <Anchor section="rules">
            <RulesSection draft={draft} set={set} />
          </Anchor>
          <LimitsSection draft={draft} set={set} />
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:sticky lg:top-16 lg:col-span-5 xl:col-span-4">
          <OutlookCard
            campaign={campaign}
            draft={draft}
            outlook={outlook}
            isUnsaved={isUnsaved}
            onProblems={setProblems}
          />
          <PreviewCard campaign={campaign} draft={draft} revision={revision} />
        </div>
      </div>
      {isDeleting && <DeleteDialog campaign={campaign} onClose={() => setDeleting(false)} />}
    </Page>
  );
}

/** The parts of the form that problems lead to. */
const Anchor = ({ section, children }: { section: Section; children: React.ReactNode }) => (
  <div id={section} className="scroll-mt-18">
    {children}
  </div>
);

/** Whether the draft is saved. */
function SaveWords({ saving: { isUnsaved, isOvertaken, error, retry } }: { saving: AutoSave }) {
  const { t } = useTranslation();
  const failure = useErrorText(error);
  if (error !== undefined && !isOvertaken)
    return (
      <span role="alert" className="text-13 text-danger">
        {t('campaigns.notSaved')} {failure} <LinkButton onClick={retry}>{t('action.tryAgain')}</LinkButton>
      </span>
    );
  return (
    <span role="status" className="text-13 text-muted">
      {t(isUnsaved ? 'campaigns.saving' : 'campaigns.saved')}
    </span>
  );
}
