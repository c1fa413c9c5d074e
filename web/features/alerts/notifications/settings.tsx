// Grouping and repeats, quiet hours of the person, and the address that is called every minute.
import type { AlertSettings } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Affix, Field, Input } from '../../../components/field.tsx';
import { LeaveGuard } from '../../../components/leave-guard.tsx';
import { Pill } from '../../../components/marks.tsx';
import { Answer, SkeletonCard } from '../../../components/states.tsx';
import { Card, CardBody, CardFoot, CardHead } from '../../../components/surfaces.tsx';
import { callNow, myAlertsQuery, setMyAlerts, settingsQuery, updateSettings } from '../../../data/alerts.ts';
import { useForm } from '../../../kit/form.ts';
import { useFormat } from '../../../kit/format.ts';
import { toast } from '../../../kit/toasts.ts';
import { useAction, useChange } from '../../../kit/use-action.ts';

export function Grouping() {
  const { t } = useTranslation();
  return (
    <Answer query={useQuery(settingsQuery)} failed={t('alerts.failed')} skeleton={<SkeletonCard className="h-48" />}>
      {settings => <GroupingForm settings={settings} />}
    </Answer>
  );
}

function GroupingForm({ settings }: { settings: AlertSettings }) {
  const { t } = useTranslation();
  const update = useChange(updateSettings);
  const { form, input, errors, busy, isChanged } = useForm({
    start: { group: String(settings.group_seconds), repeat: String(settings.repeat_seconds / 3_600) },
    fields: { group_seconds: 'group', repeat_seconds: 'repeat' },
    async send({ group, repeat }) {
      await update({ group_seconds: Number(group), repeat_seconds: Math.round(Number(repeat) * 3_600) });
      toast(t('alerts.saved'));
    },
  });
  return (
    <form {...form}>
      <LeaveGuard when={isChanged && !busy} />
      <Card>
        <CardHead title={t('alerts.grouping')} />
        <CardBody className="grid gap-4 sm:grid-cols-2">
          <Field label={t('alerts.group')} hint={t('alerts.groupHint')} error={errors.group ?? errors.form}>
            <Affix after={t('alerts.unit.seconds')}>
              <Input inputMode="numeric" {...input('group')} />
            </Affix>
          </Field>
          <Field label={t('alerts.repeat')} hint={t('alerts.repeatHint')} error={errors.repeat}>
            <Affix after={t('alerts.hours')}>
              <Input inputMode="decimal" {...input('repeat')} />
            </Affix>
          </Field>
          <p className="text-13 text-muted sm:col-span-2">{t('alerts.groupingWords')}</p>
        </CardBody>
        <CardFoot>
          <Button kind="primary" type="submit" busy={busy} className="ms-auto">
            {t('action.save')}
          </Button>
        </CardFoot>
      </Card>
    </form>
  );
}

export function Quiet() {
  const { t } = useTranslation();
  return (
    <Answer query={useQuery(myAlertsQuery)} failed={t('alerts.failed')} skeleton={<SkeletonCard className="h-48" />}>
      {({ quiet_hours: quiet }) => <QuietForm key={JSON.stringify(quiet)} quiet={quiet} />}
    </Answer>
  );
}

function QuietForm({ quiet }: { quiet: { from: string; until: string; time_zone: string } | null }) {
  const { t } = useTranslation();
  const change = useChange(setMyAlerts);
  const zone = quiet?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const remove = useAction({ ...setMyAlerts, done: t('alerts.saved') });
  const { form, input, errors, busy, isChanged } = useForm({
    start: { from: quiet?.from ?? '22:00', until: quiet?.until ?? '07:00' },
    async send({ from, until }) {
      await change({ from, until, time_zone: zone });
      toast(t('alerts.saved'));
    },
  });
  return (
    <form {...form}>
      <LeaveGuard when={isChanged && !busy} />
      <Card>
        <CardHead title={t('alerts.quietHours')}>
          <Pill tone={quiet ? 'success' : 'neutral'}>{t(quiet ? 'alerts.isOn' : 'alerts.off')}</Pill>
        </CardHead>
        <CardBody className="grid gap-4">
          <p className="text-13 text-muted">{t('alerts.quietHint', { zone })}</p>
          <div className="grid grid-cols-2 gap-4">
            <Field label={t('alerts.fromTime')} error={errors.from ?? errors.form}>
              <Input type="time" {...input('from')} />
            </Field>
            <Field label={t('alerts.untilTime')} error={errors.until}>
              <Input type="time" {...input('until')} />
            </Field>
          </div>
        </CardBody>
        <CardFoot>
          {quiet && (
            <Button busy={remove.isPending} onClick={() => remove.mutate(null)}>
              {t('alerts.switchOff')}
            </Button>
          )}
          <Button kind="primary" type="submit" busy={busy} className="ms-auto">
            {t('action.save')}
          </Button>
        </CardFoot>
      </Card>
    </form>
  );
}

export function Ping() {
  const { t } = useTranslation();
  return (
    <Answer query={useQuery(settingsQuery)} failed={t('alerts.failed')} skeleton={<SkeletonCard className="h-48" />}>
      {({ ping }) => <PingForm key={ping?.host ?? ''} ping={ping} />}
    </Answer>
  );
}

function PingForm({ ping }: { ping: AlertSettings['ping'] }) {
  const { t } = useTranslation();
  const { clock, number } = useFormat();
  const update = useChange(updateSettings);
  const call = useAction(callNow);
  const remove = useAction({ ...updateSettings, done: t('alerts.saved') });
  const { form, input, set, values, errors, busy } = useForm({
    start: { url: '' },
    fields: { ping_url: 'url' },
    async send({ url }) {
      await update({ ping_url: url.trim() });
      set('url', '');
      toast(t('alerts.saved'));
    },
  });
  const isFine = ping?.status != null && ping.status < 300;
  return (
    <form {...form}>
      <LeaveGuard when={values.url.trim() !== '' && !busy} />
      <Card>
        <CardHead title={t('alerts.ifDead')}>
          {ping?.at && (
            <Pill tone={isFine ? 'success' : 'danger'}>{t('alerts.calledAt', { time: clock(ping.at) })}</Pill>
          )}
        </CardHead>
        <CardBody className="grid gap-4">
          <p className="text-13 text-muted">{t('alerts.ifDeadWords')}</p>
          {ping && (
            <p className="text-13">
              <bdi className="font-medium">{ping.host}</bdi>{' '}
              <span className="text-muted">
                {ping.error ??
                  (ping.status === null ? '' : t('alerts.answered', { status: ping.status, ms: number(ping.ms ?? 0) }))}
              </span>
            </p>
          )}
          <Field label={t(ping ? 'alerts.otherAddress' : 'alerts.address')} error={errors.url ?? errors.form}>
            <Input dir="ltr" autoComplete="off" placeholder="https://" {...input('url')} />
          </Field>
        </CardBody>
        <CardFoot>
          {ping && (
            <>
              <Button kind="line" busy={call.isPending} onClick={() => call.mutate(null)}>
                {t('alerts.callNow')}
              </Button>
              <Button busy={remove.isPending} onClick={() => remove.mutate({ ping_url: null })}>
                {t('alerts.switchOff')}
              </Button>
            </>
          )}
          <Button kind="primary" type="submit" busy={busy} className="ms-auto">
            {t('action.save')}
          </Button>
        </CardFoot>
      </Card>
    </form>
  );
}
