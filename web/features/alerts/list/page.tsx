// Alerts: what fires now, the rules with what they see, and what was.
import type { Alert, AlertRule } from '@recado/client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BellOff, BellRing, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button } from '../../../components/button.tsx';
import { Chip, Chips } from '../../../components/choose.tsx';
import { Switch } from '../../../components/field.tsx';
import { ListTable } from '../../../components/list-table.tsx';
import { Pill } from '../../../components/marks.tsx';
import { Page } from '../../../components/page.tsx';
import { Answer, Empty, SkeletonCard } from '../../../components/states.tsx';
import { Card, CardHead, Table } from '../../../components/surfaces.tsx';
import { channelsQuery, firingQuery, muteAll, pastQuery, rulesQuery, updateRule } from '../../../data/alerts.ts';
import { useMay, useMayEverywhere } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { stateTones, useAlertTitle, useRuleWords, useValueWords } from '../words.ts';
import { AlertRow } from './alert-row.tsx';
import { NewRuleDialog } from './new-rule-dialog.tsx';

const hourMs = 3_600_000;

export function AlertsPage() {
  const { t } = useTranslation();
  const mayManage = useMayEverywhere('alerts.manage');
  const [isNew, setIsNew] = useState(false);
  const example = {
    method: 'GET',
    path: '/api/v1/alerts?state=firing',
    sdk: "for await (const alert of recado.alerts.list({ state: 'firing' }))\n  console.log(alert.title, alert.remedy);",
  };
  const add = mayManage && (
    <Button kind="primary" icon={Plus} onClick={() => setIsNew(true)}>
      {t('alerts.newRule')}
    </Button>
  );
  return (
    <Page title={t('nav.alerts')} example={example} actions={add}>
      <Firing />
      {mayManage && <FailingChannels />}
      <Rules mayManage={mayManage} />
      <History />
      {isNew && <NewRuleDialog onClose={() => setIsNew(false)} />}
    </Page>
  );
}

function Firing() {
  const { t } = useTranslation();
  const mayTake = useMay('alerts.update');
  const query = useQuery(firingQuery);
  const head = useHead();
  const mute = useAction({ ...muteAll, done: t('alerts.mutedAll') });
  return (
    <Answer query={query} failed={t('alerts.failed')} skeleton={<SkeletonCard className="h-40" />}>
      {({ rows }) =>
        rows.length === 0 ? (
          <Card>
            <Empty icon={BellRing} title={t('alerts.quiet')}>
              {t('alerts.quietWords')}
            </Empty>
          </Card>
        ) : (
          <Card>
            <CardHead title={head(rows)}>
              {mayTake && (
                <Button
                  kind="line"
                  size="small"
                  icon={BellOff}
                  busy={mute.isPending}
                  onClick={() => mute.mutate(new Date(Date.now() + hourMs).toISOString())}
                >
                  {t('alerts.muteAll')}
                </Button>
              )}
            </CardHead>
            <ul>
              {rows.map(alert => (
                <AlertRow key={alert.id} alert={alert} mayTake={mayTake} />
              ))}
            </ul>
          </Card>
        )
      }
    </Answer>
  );
}

/** "3 firing, 1 taken, 1 muted, 1 unstable": each alert once. */
function useHead() {
  const { t } = useTranslation();
  return (alerts: readonly Alert[]): string => {
    const looks = alerts.map(lookOf);
    return (['firing', 'taken', 'muted', 'unstable'] as const)
      .map(name => ({ name, n: looks.filter(look => look === name).length }))
      .filter(({ n }) => n > 0)
      .map(({ name, n }) => t(`alerts.head.${name}`, { n }))
      .join(', ');
  };
}

const lookOf = ({ taken_at, muted_until, unstable }: Alert) => {
  if (muted_until !== null && Date.parse(muted_until) > Date.now()) return 'muted';
  if (taken_at !== null) return 'taken';
  return unstable ? 'unstable' : 'firing';
};

function FailingChannels() {
  const { t } = useTranslation();
  const { data: channels = [] } = useQuery(channelsQuery);
  return channels
    .filter(({ enabled, failing_since }) => enabled && failing_since !== null)
    .map(({ id, name, error }) => (
      <Banner
        key={id}
        tone="warning"
        title={t('alerts.channelFails', { name, error: error ?? '' })}
        action={<Link to="/settings/notifications">{t('alerts.fixChannel')}</Link>}
      >
        {t('alerts.byMail')}
      </Banner>
    ));
}

const filters = ['all', 'firing', 'ok', 'no_data', 'off'] as const;

function Rules({ mayManage }: { mayManage: boolean }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const [filter, setFilter] = useState<(typeof filters)[number]>('all');
  const query = useQuery(rulesQuery);
  const fits = (rule: AlertRule, name: (typeof filters)[number]) => name === 'all' || rule.state === name;
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2>{t('alerts.rules')}</h2>
        <Chips label={t('alerts.filters')} isRow>
          {filters.map(name => (
            <Chip
              key={name}
              pressed={filter === name}
              count={query.data && number(query.data.filter(rule => fits(rule, name)).length)}
              onClick={() => setFilter(name)}
            >
              {t(`alerts.filter.${name}`)}
            </Chip>
          ))}
        </Chips>
      </div>
      <Answer query={query} failed={t('alerts.failed')} skeleton={<SkeletonCard className="h-120" />}>
        {rules => (
          <Table label={t('alerts.rules')}>
            <thead>
              <tr>
                <th scope="col">{t('alerts.when')}</th>
                <th scope="col">{t('alerts.where')}</th>
                <th scope="col">{t('alerts.state')}</th>
                <th scope="col">{t('alerts.now')}</th>
                <th scope="col">{t('alerts.tells')}</th>
                <th scope="col" className="end">
                  {t('alerts.on')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rules
                .filter(rule => fits(rule, filter))
                .map(rule => (
                  <RuleRow key={rule.id} rule={rule} mayManage={mayManage} />
                ))}
            </tbody>
          </Table>
        )}
      </Answer>
    </section>
  );
}

function RuleRow({ rule, mayManage }: { rule: AlertRule; mayManage: boolean }) {
  const { t } = useTranslation();
  const words = useRuleWords()(rule);
  const valueWords = useValueWords();
  const change = useAction(updateRule);
  const { now, state, account_ids: accounts, person_ids: people } = rule;
  const seen = now?.value == null || now.value === 0 ? '' : valueWords(rule.signal, now.value, now.n);
  return (
    <tr className={rule.enabled ? undefined : 'is-off'}>
      <td className="wide">
        <Link to="/alerts/rules/$ruleId" params={{ ruleId: rule.id }}>
          {words}
        </Link>
      </td>
      <td className="small-hidden text-muted">
        {accounts ? t('alerts.accounts', { count: accounts.length }) : t(`alerts.all.${rule.signal}`)}
      </td>
      <td>
        <Pill tone={stateTones[state]}>{t(`alerts.ruleState.${state}`)}</Pill>
      </td>
      <td className="small-full text-muted">
        {[seen, state === 'firing' ? now?.subject : ''].filter(Boolean).join(' · ')}
      </td>
      <td className="small-hidden text-muted">
        {people ? t('alerts.people', { count: people.length }) : t('alerts.ownersAndAdmins')}
      </td>
      <td className="end">
        <Switch
          hidden
          label={words}
          checked={change.isPending ? (change.variables.enabled ?? rule.enabled) : rule.enabled}
          disabled={!mayManage || change.isPending}
          onChange={({ target }) => change.mutate({ id: rule.id, enabled: target.checked })}
        />
      </td>
    </tr>
  );
}

function History() {
  const { t } = useTranslation();
  const { duration, exact, day } = useFormat();
  const title = useAlertTitle();
  const list = useInfiniteQuery(pastQuery());
  if (list.data?.rows.length === 0) return null;
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h2>{t('alerts.history')}</h2>
      <ListTable
        list={list}
        label={t('alerts.history')}
        failed={t('alerts.failed')}
        columns={[
          { head: t('alerts.alert'), look: 'wide', cell: title },
          { head: t('alerts.by'), look: 'small-hidden text-muted', cell: ({ taken_by }) => taken_by?.name ?? '' },
          {
            head: t('alerts.lasted'),
            end: true,
            look: 'text-muted',
            cell: ({ began_at, cleared_at }) =>
              cleared_at === null ? '' : duration((Date.parse(cleared_at) - Date.parse(began_at)) / 1_000),
          },
          {
            head: t('alerts.began'),
            end: true,
            look: 'text-muted',
            title: ({ began_at }) => exact(began_at),
            cell: ({ began_at }) => day(began_at),
          },
        ]}
      />
    </section>
  );
}
