// Beside the form: what will happen, what is lacking, the next step, and the message of one person.
import type { Campaign, CampaignOutlook } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { FlaskConical, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Segments } from '../../../components/choose.tsx';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { Gauge } from '../../../components/gauge.tsx';
import { SkeletonLines } from '../../../components/states.tsx';
import { Card, CardBody, CardHead, Facts } from '../../../components/surfaces.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { askForApproval, campaignPreviewQuery, startCampaign } from '../../../data/campaigns.ts';
import { useMay } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { useErrorText } from '../../../kit/use-error-text.ts';
import { MessagePreview } from '../message-preview.tsx';
import { letters } from '../one/result.tsx';
import { OutlookCost } from '../outlook-cost.tsx';
import { useLocalWords } from '../words.tsx';
import { type Draft, faultsOf } from './draft.ts';
import { type Problem, problemsOf, sectionOf, useProblemWords } from './problems.ts';
import { TestDialog } from './test-dialog.tsx';

interface OutlookProps {
  campaign: Campaign;
  draft: Draft;
  outlook: { data: CampaignOutlook | undefined; error: unknown };
  isUnsaved: boolean;
  onProblems: (problems: readonly Problem[]) => void;
}

export function OutlookCard({ campaign, draft, outlook: { data, error }, isUnsaved, onProblems }: OutlookProps) {
  const { t } = useTranslation();
  const failure = useErrorText(error);
  return (
    <Card>
      <CardHead title={t('campaigns.willHappen')} />
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {failure !== undefined && (
          <p role="alert" className="text-13 text-danger">
            {failure}
          </p>
        )}
        {!data && failure === undefined && <SkeletonLines />}
        {data && <Forecast outlook={data} />}
        {data && data.problems.length > 0 && <Lacks problems={data.problems} />}
        <NextStep campaign={campaign} draft={draft} outlook={data} isUnsaved={isUnsaved} onProblems={onProblems} />
      </CardBody>
    </Card>
  );
}

type Outlook = CampaignOutlook['new_conversations'][number];

function Forecast({ outlook }: { outlook: CampaignOutlook }) {
  const { t, i18n } = useTranslation();
  const { number, moment, list } = useFormat();
  const accounts = useAccounts(useMay('accounts.read'));
  const languageNames = new Intl.DisplayNames(i18n.language, { type: 'language', fallback: 'code' });
  const countryNames = new Intl.DisplayNames(i18n.language, { type: 'region', fallback: 'code' });
  const nameOf = (id: string) => accounts.find(account => account.id === id)?.name ?? t('campaigns.account');
  const tally = (rows: CampaignOutlook['by_country'], words: (value: string) => string) =>
    list(rows.map(({ value, people }) => `${value === '' ? t('campaigns.notKnown') : words(value)} ${number(people)}`));
  const { first_at: first, last_at: last, by_language: languages, by_country: countries } = outlook;
  const facts = [
    ...(first ? [[t('campaigns.firstLeaves'), moment(new Date(first)).words] as const] : []),
    ...(last
      ? [[t('campaigns.lastLeaves'), t('campaigns.about', { when: moment(new Date(last)).words })] as const]
      : []),
    ...(languages.some(({ value }) => value !== '')
      ? [
          [
            t('campaigns.languagesOf'),
            tally(languages, value => languageNames.of(value.replace('_', '-')) ?? value),
          ] as const,
        ]
      : []),
    ...(countries.length > 0
      ? [[t('campaigns.countriesOf'), tally(countries, value => countryNames.of(value) ?? value)] as const]
      : []),
    ...(outlook.cost ? [[t('campaigns.costCost'), <OutlookCost key="cost" cost={outlook.cost} />] as const] : []),
  ];
  return (
    <div className="grid gap-4" aria-live="polite">
      <p>
        <b className="num text-28 font-strong">{number(outlook.people)}</b>{' '}
        <span className="text-muted">{t('campaigns.peopleWord', { count: outlook.people })}</span>
        {!outlook.complete && (
          <span className="block text-13 text-warning">
            {t('campaigns.incomplete', { number: number(outlook.looked_at) })}
          </span>
        )}
      </p>
      {facts.length > 0 && <Facts facts={facts} />}
      {outlook.people > 0 &&
        outlook.new_conversations.map(({ account_id: id, people, left_today: left, strangers, new_chats: quota }) => (
          <div key={id} className="grid gap-1.5">
            {left === null ? (
              <p className="flex items-baseline justify-between gap-3 text-13">
                <bdi className="text-muted">{nameOf(id)}</bdi>
                <span className="num">{number(people)}</span>
              </p>
            ) : (
              <Gauge
                label={nameOf(id)}
                used={people}
                limit={left}
                words={t('campaigns.today', { people: number(people), left: number(left) })}
              />
            )}
            {left !== null && people > left && (
              <p className="text-13 text-warning">{t('campaigns.later', { count: people - left })}</p>
            )}
            {strangers > 0 && accounts.find(account => account.id === id)?.capabilities.needs_session && (
              <Strangers count={strangers} quota={quota} />
            )}
          </div>
        ))}
    </div>
  );
}

/** The risk of writing to people who never wrote, and how many of them WhatsApp still allows. */
function Strangers({ count, quota }: { count: number; quota: Outlook['new_chats'] }) {
  const { t } = useTranslation();
  const { number, moment } = useFormat();
  const allowed = ({ left, resets_at: end }: NonNullable<typeof quota>) =>
    end === null
      ? t('campaigns.newChats', { left: number(left) })
      : t('campaigns.newChatsUntil', { left: number(left), when: moment(new Date(end)).words });
  return (
    <p className="text-13 text-warning">
      {t('campaigns.strangers', { count })} {quota && allowed(quota)}
    </p>
  );
}

/** The problems that prevent a start; each leads to its part of the form. */
function Lacks({ problems }: { problems: readonly Problem[] }) {
  const { t } = useTranslation();
  const words = useProblemWords();
  return (
    <div className="rounded-card bg-warning-soft px-4 py-3 text-13 text-warning">
      <h3 className="flex items-center gap-2 font-strong">
        <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
        {t('campaigns.lacksTitle')}
      </h3>
      <ul className="ms-6 grid gap-0.5 pt-1">
        {problems.map(problem => (
          <li key={`${problem.field} ${problem.message}`}>
            <a href={`#${sectionOf(problem)}`} className="underline underline-offset-3">
              {words(problem)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface StepProps extends Pick<OutlookProps, 'campaign' | 'draft' | 'isUnsaved' | 'onProblems'> {
  outlook: CampaignOutlook | undefined;
}

/** Start, schedule, or ask a second person. */
function NextStep({ campaign, draft, outlook, isUnsaved, onProblems }: StepProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayStart = useMay('campaigns.start');
  const [isAsking, setAsking] = useState(false);
  const { id, approval } = campaign;
  const params = { campaignId: id };
  const start = useAction({
    ...startCampaign,
    done: t(draft.startKind === 'now' ? 'campaigns.started' : 'campaigns.scheduled'),
    onDone: () => void navigate({ to: '/campaigns/$campaignId', params, ignoreBlocker: true }),
  });
  const askSecond = useAction({ ...askForApproval, done: t('campaigns.asked') });
  const showProblems = { onError: (error: Error) => onProblems(problemsOf(error)) };
  const fault = faultsOf(draft)[0];
  const impossible = fault ? t(`campaigns.fault.${fault}`) : undefined;
  const needsOther = approval.needed && approval.approved_by === null;
  if (needsOther)
    return (
      <div className="grid gap-2 border-t border-border pt-4">
        <p className="text-13 text-muted">
          {t(approval.asked_by ? 'campaigns.waitsWords' : 'campaigns.approvalNeeded')}
        </p>
        {approval.asked_by ? (
          <Link to="/campaigns/$campaignId/approval" params={params} className="link text-13">
            {t('campaigns.toApproval')}
          </Link>
        ) : (
          <Button
            kind="primary"
            busy={askSecond.isPending || isUnsaved}
            impossible={impossible}
            onClick={() => askSecond.mutate({ id }, showProblems)}
          >
            {t('campaigns.askApproval')}
          </Button>
        )}
      </div>
    );
  if (!mayStart) return <p className="border-t border-border pt-4 text-13 text-muted">{t('campaigns.othersStart')}</p>;
  const people = outlook?.people ?? 0;
  const isNow = draft.startKind === 'now';
  return (
    <div className="grid border-t border-border pt-4">
      <Button
        kind="primary"
        busy={isUnsaved || start.isPending}
        impossible={impossible}
        onClick={() => {
          onProblems([]);
          setAsking(true);
        }}
      >
        {t(isNow ? 'campaigns.start' : 'campaigns.schedule')}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={t(isNow ? 'campaigns.startTitle' : 'campaigns.scheduleTitle', { count: people })}
          keep={t('campaigns.goOnEditing')}
          confirm={t(isNow ? 'campaigns.start' : 'campaigns.schedule')}
          isHarmless
          onConfirm={() => start.mutate({ id, now: false }, { ...showProblems, onSettled: () => setAsking(false) })}
          onClose={() => setAsking(false)}
          busy={start.isPending}
        >
          <StartWords campaign={campaign} draft={draft} />
        </ConfirmDialog>
      )}
    </div>
  );
}

function StartWords({ campaign, draft }: Pick<StepProps, 'campaign' | 'draft'>) {
  const { t } = useTranslation();
  const { moment, names } = useFormat();
  const localWords = useLocalWords();
  const accounts = useAccounts(useMay('accounts.read'));
  const from = campaign.account_ids.map(
    id => accounts.find(account => account.id === id)?.name ?? t('campaigns.account'),
  );
  const when =
    draft.startKind === 'at'
      ? t('campaigns.startsAt', { when: moment(new Date(draft.at)).words })
      : draft.startKind === 'local'
        ? t('campaigns.startsThere', { when: localWords(draft.local) })
        : t('campaigns.startsNow');
  return (
    <>
      <p>{when}</p>
      {from.length > 0 && <p>{t('campaigns.sentFrom', { names: names(from) })}</p>}
      <p>{t('campaigns.startWords')}</p>
    </>
  );
}

const picks = ['first', 'longest', 'emptiest'] as const;

interface PreviewProps {
  campaign: Campaign;
  draft: Draft;
  revision: number;
}

export function PreviewCard({ campaign, draft, revision }: PreviewProps) {
  const { t } = useTranslation();
  const [pick, setPick] = useState<(typeof picks)[number]>('first');
  const [variant, setVariant] = useState(0);
  const [isTesting, setTesting] = useState(false);
  const count = campaign.variants.length;
  const shown = Math.min(variant, Math.max(0, count - 1));
  const isReady = count > 0 && draft.account_ids.length > 0 && draft.include.length > 0;
  const preview = useQuery({
    ...campaignPreviewQuery(campaign.id, revision, { pick, variant: String(shown) }),
    enabled: isReady,
  });
  const failure = useErrorText(preview.error);
  return (
    <Card className="bg-canvas!">
      <CardHead title={t('campaigns.preview')}>
        {count > 0 && draft.account_ids.length > 0 && (
          <Button kind="line" size="small" icon={FlaskConical} onClick={() => setTesting(true)}>
            {t('campaigns.test')}
          </Button>
        )}
      </CardHead>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <div className="flex flex-wrap gap-2">
          <Segments
            label={t('campaigns.previewOf')}
            value={pick}
            options={picks.map(value => ({ value, label: t(`campaigns.pick.${value}`) }))}
            onChange={setPick}
          />
          {count > 1 && (
            <Segments
              label={t('campaigns.variant')}
              value={String(shown)}
              options={campaign.variants.map((_, place) => ({ value: String(place), label: letters[place] ?? '' }))}
              onChange={value => setVariant(Number(value))}
            />
          )}
        </div>
        {!isReady && <p className="text-13 text-muted">{t('campaigns.previewNeeds')}</p>}
        {isReady && failure !== undefined && <p className="text-13 text-muted">{failure}</p>}
        {isReady && preview.data && failure === undefined && (
          <MessagePreview preview={preview.data} accountId={preview.data.account_id ?? draft.account_ids[0]} />
        )}
      </CardBody>
      {isTesting && <TestDialog campaign={campaign} variant={shown} onClose={() => setTesting(false)} />}
    </Card>
  );
}
