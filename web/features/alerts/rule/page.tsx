// One rule: what it watches, when it fires and clears, who is told, what to do; and the alerts that it gave.
import type { AlertRule } from '@recado/client';
import { alertSeverities, signalFacts } from '@recado/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Segments } from '../../../components/choose.tsx';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { Affix, Area, Check, Field, Input } from '../../../components/field.tsx';
import { LeaveGuard } from '../../../components/leave-guard.tsx';
import { ListTable } from '../../../components/list-table.tsx';
import { Pill } from '../../../components/marks.tsx';
import { Page } from '../../../components/page.tsx';
import { PageOfOne } from '../../../components/page-of-one.tsx';
import { Card, CardBody, CardFoot, CardHead } from '../../../components/surfaces.tsx';
import { createRule, deleteRule, pastQuery, ruleQuery, updateRule } from '../../../data/alerts.ts';
import { useMayEverywhere } from '../../../data/me.ts';
import { peopleQuery } from '../../../data/people.ts';
import { useForm } from '../../../kit/form.ts';
import { useFormat } from '../../../kit/format.ts';
import { toast } from '../../../kit/toasts.ts';
import { useAction, useChange } from '../../../kit/use-action.ts';
import { AccountChoice } from '../../accounts/index.ts';
import { stateTones, useAlertTitle, useRuleWords } from '../words.ts';

const hourMs = 3_600_000;

export function AlertRulePage() {
  const { t } = useTranslation();
  const { ruleId } = useParams({ from: '/inside/alerts/rules/$ruleId' });
  const back = { to: '/alerts', label: t('alerts.back') } as const;
  return (
    <PageOfOne
      query={useQuery(ruleQuery(ruleId))}
      title={t('alerts.ruleTitle')}
      back={back}
      failed={t('alerts.failed')}
    >
      {rule => <Rule key={rule.id} rule={rule} />}
    </PageOfOne>
  );
}

function Rule({ rule }: { rule: AlertRule }) {
  const { t } = useTranslation();
  const mayManage = useMayEverywhere('alerts.manage');
  const words = useRuleWords()(rule);
  const example = {
    method: 'PATCH',
    path: `/api/v1/alert-rules/${rule.id}`,
    body: { fire_above: rule.fire_above, clear_below: rule.clear_below, severity: rule.severity },
    sdk: `await recado.alertRules.update('${rule.id}', { severity: '${rule.severity}' });`,
  };
  return (
    <Page title={words} back={{ to: '/alerts', label: t('alerts.back') }} example={example}>
      <div className="grid items-start gap-4 md:gap-6 lg:grid-cols-12">
        <RuleForm rule={rule} mayManage={mayManage} />
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 lg:col-span-5">
          <Past rule={rule} />
        </div>
      </div>
    </Page>
  );
}

const minutes = (seconds: number) => String(seconds / 60);

function RuleForm({ rule, mayManage }: { rule: AlertRule; mayManage: boolean }) {
  const { t } = useTranslation();
  const update = useChange(updateRule);
  const { unit, rule: usual } = signalFacts[rule.signal];
  const [accounts, setAccounts] = useState(rule.account_ids);
  const [people, setPeople] = useState(rule.person_ids);
  const isOfAccounts = signalFacts[rule.signal].subject === 'account';
  const { form, input, set, values, errors, busy, isChanged } = useForm({
    start: {
      above: String(rule.fire_above),
      below: String(rule.clear_below),
      minimum: String(rule.minimum),
      window: minutes(rule.window_seconds),
      for: minutes(rule.for_seconds),
      keep: minutes(rule.keep_seconds),
      severity: rule.severity as string,
      note: rule.note ?? '',
    },
    fields: {
      fire_above: 'above',
      clear_below: 'below',
      window_seconds: 'window',
      for_seconds: 'for',
      keep_seconds: 'keep',
    },
    async send(given) {
      const inSeconds = (text: string) => Math.round(Number(text) * 60);
      await update({
        id: rule.id,
        account_ids: accounts?.length === 0 ? null : accounts,
        person_ids: people?.length === 0 ? null : people,
        fire_above: Number(given.above),
        clear_below: Number(given.below),
        minimum: Number(given.minimum),
        window_seconds: inSeconds(given.window),
        for_seconds: inSeconds(given.for),
        keep_seconds: inSeconds(given.keep),
        severity: given.severity as AlertRule['severity'],
        note: given.note.trim() === '' ? null : given.note.trim(),
      });
      toast(t('alerts.saved'));
    },
  });
  const figure = (name: 'above' | 'below' | 'minimum' | 'window' | 'for' | 'keep', after: string) => (
    <Field label={t(`alerts.field.${name}`)} error={errors[name]}>
      <Affix after={after}>
        <Input inputMode="decimal" readOnly={!mayManage} {...input(name)} />
      </Affix>
    </Field>
  );
  const hasOthers = JSON.stringify([accounts, people]) !== JSON.stringify([rule.account_ids, rule.person_ids]);
  return (
    <form {...form} className="lg:col-span-7">
      <LeaveGuard when={(isChanged || hasOthers) && !busy} />
      <Card>
        <CardHead title={t(`alerts.signal.${rule.signal}`)}>
          <Pill tone={stateTones[rule.state]}>{t(`alerts.ruleState.${rule.state}`)}</Pill>
        </CardHead>
        <CardBody className="grid gap-5">
          {isOfAccounts && <AccountChoice label={t('alerts.where')} value={accounts} onChange={setAccounts} />}
          <div className="grid gap-4 sm:grid-cols-2 md:grid-cols-3">
            {unit !== 'flag' && figure('above', t(`alerts.unit.${unit}`))}
            {unit !== 'flag' && figure('below', t(`alerts.unit.${unit}`))}
            {usual.minimum > 0 && figure('minimum', t('alerts.unit.messages'))}
            {usual.window_seconds > 0 && figure('window', t('alerts.unit.minutes'))}
            {figure('for', t('alerts.unit.minutes'))}
            {figure('keep', t('alerts.unit.minutes'))}
          </div>
          {usual.minimum > 0 && <p className="text-13 text-muted">{t('alerts.noDataHint', { n: values.minimum })}</p>}
          <div className="grid gap-1.5">
            <span className="text-13 font-medium">{t('alerts.severity')}</span>
            {mayManage ? (
              <Segments
                label={t('alerts.severity')}
                value={values.severity as AlertRule['severity']}
                options={alertSeverities.map(value => ({ value, label: t(`alerts.tell.${value}`) }))}
                onChange={value => set('severity', value)}
              />
            ) : (
              t(`alerts.tell.${rule.severity}`)
            )}
            <span className="text-13 text-muted">{t('alerts.severityHint')}</span>
          </div>
          {mayManage && <People value={people} onChange={setPeople} />}
          <Field
            label={t('alerts.whatToDo')}
            hint={t('alerts.whatToDoHint')}
            error={errors.note ?? errors.form}
            aside={<span className="num text-12 text-faint">{t('alerts.ofLetters', { n: values.note.length })}</span>}
          >
            <Area rows={3} maxLength={500} readOnly={!mayManage} {...input('note')} />
          </Field>
        </CardBody>
        {mayManage && (
          <CardFoot>
            <RuleActions rule={rule} />
            <Button kind="primary" type="submit" busy={busy} className="ms-auto">
              {t('action.save')}
            </Button>
          </CardFoot>
        )}
      </Card>
    </form>
  );
}

function People({ value, onChange }: { value: string[] | null; onChange: (value: string[] | null) => void }) {
  const { t } = useTranslation();
  const { data } = useInfiniteQuery(peopleQuery);
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-13 font-medium">{t('alerts.whoIsTold')}</legend>
      <Check
        label={t('alerts.ownersAndAdmins')}
        checked={value === null}
        onChange={({ target }) => onChange(target.checked ? null : [])}
      />
      {value !== null &&
        data?.rows.map(({ id, name }) => (
          <Check
            key={id}
            label={name}
            checked={value.includes(id)}
            onChange={({ target }) => onChange(target.checked ? [...value, id] : value.filter(each => each !== id))}
          />
        ))}
    </fieldset>
  );
}

function RuleActions({ rule }: { rule: AlertRule }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [isDeleting, setIsDeleting] = useState(false);
  const change = useAction({ ...updateRule, done: t('alerts.changed') });
  const copy = useAction({
    ...createRule,
    onDone: ({ id }) => void navigate({ to: '/alerts/rules/$ruleId', params: { ruleId: id } }),
  });
  const remove = useAction({ ...deleteRule, onDone: () => void navigate({ to: '/alerts', ignoreBlocker: true }) });
  const isMuted = rule.muted_until !== null && Date.parse(rule.muted_until) > Date.now();
  const { id, state, firing, now, created_at, muted_until, ...settings } = rule;
  return (
    <>
      <Button
        kind="line"
        size="small"
        busy={change.isPending}
        onClick={() =>
          change.mutate({ id, muted_until: isMuted ? null : new Date(Date.now() + 24 * hourMs).toISOString() })
        }
      >
        {t(isMuted ? 'alerts.unmute' : 'alerts.muteDay')}
      </Button>
      <Button size="small" busy={copy.isPending} onClick={() => copy.mutate(settings)}>
        {t('alerts.duplicate')}
      </Button>
      <Button kind="danger" size="small" onClick={() => setIsDeleting(true)}>
        {t('alerts.delete')}
      </Button>
      {isDeleting && (
        <ConfirmDialog
          title={t('alerts.deleteTitle')}
          keep={t('alerts.keep')}
          confirm={t('alerts.delete')}
          busy={remove.isPending}
          onConfirm={() => remove.mutate(id)}
          onClose={() => setIsDeleting(false)}
        >
          <p>{t('alerts.deleteWords')}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function Past({ rule }: { rule: AlertRule }) {
  const { t } = useTranslation();
  const { duration, day, exact } = useFormat();
  const title = useAlertTitle();
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h2>{t('alerts.history')}</h2>
      <ListTable
        list={useInfiniteQuery(pastQuery(rule.id))}
        label={t('alerts.history')}
        failed={t('alerts.failed')}
        empty={<p className="px-5 py-8 text-center text-muted">{t('alerts.never')}</p>}
        columns={[
          { head: t('alerts.alert'), look: 'wide', cell: title },
          {
            head: t('alerts.lasted'),
            end: true,
            cell: ({ began_at, cleared_at }) =>
              cleared_at === null ? '' : duration((Date.parse(cleared_at) - Date.parse(began_at)) / 1_000),
          },
          {
            head: t('alerts.began'),
            end: true,
            title: ({ began_at }) => exact(began_at),
            cell: ({ began_at }) => day(began_at),
          },
        ]}
      />
    </section>
  );
}
