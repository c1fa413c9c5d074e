// One alert that fires: what, since when, the first step, and who takes care.
import type { Alert } from '@recado/client';
import { Link } from '@tanstack/react-router';
import { BellOff, BellRing } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonLook } from '../../../components/button.tsx';
import { Area, Field } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { Dot, type Health } from '../../../components/marks.tsx';
import { MenuItem } from '../../../components/menu.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { muteAlert, takeAlert } from '../../../data/alerts.ts';
import { useForm } from '../../../kit/form.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction, useChange } from '../../../kit/use-action.ts';
import { placeOf, useAlertTitle } from '../words.ts';

const seen = {
  '/inbox': 'inbox',
  '/queue': 'queue',
  '/accounts/$accountId': 'account',
  '/templates/$templateId': 'template',
} as const;
const hourMs = 3_600_000;

export function AlertRow({ alert, mayTake }: { alert: Alert; mayTake: boolean }) {
  const { t } = useTranslation();
  const { duration, clock } = useFormat();
  const [isTaking, setIsTaking] = useState(false);
  const mute = useAction({ ...muteAlert, done: t('alerts.changed') });
  const title = useAlertTitle()(alert);
  const isMuted = alert.muted_until !== null && Date.parse(alert.muted_until) > Date.now();
  const health: Health = isMuted || alert.taken_at ? 'off' : alert.unstable ? 'warning' : 'danger';
  const place = placeOf(alert);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-border px-4 py-3 md:px-5">
      <Dot health={health} />
      <div className="min-w-0 flex-[1_1_260px]">
        <b className="font-medium">{title}</b>
        <p className="text-13 text-muted">
          <State alert={alert} isMuted={isMuted} time={clock} />
        </p>
      </div>
      <span className="num text-13 text-muted" title={t('alerts.since', { time: clock(alert.began_at) })}>
        {duration(Math.max(0, (Date.now() - Date.parse(alert.began_at)) / 1_000))}
      </span>
      <span className="flex items-center gap-1">
        {place && (
          <Link {...place} className={buttonLook('line', 'small')}>
            {t(`alerts.see.${seen[place.to]}`)}
          </Link>
        )}
        {mayTake && alert.taken_at === null && (
          <Button size="small" onClick={() => setIsTaking(true)}>
            {t('alerts.take')}
          </Button>
        )}
        {mayTake && (
          <RowMenu name={title}>
            {isMuted ? (
              <MenuItem icon={BellRing} onSelect={() => mute.mutate({ id: alert.id, until: null })}>
                {t('alerts.unmute')}
              </MenuItem>
            ) : (
              [1, 8, 24].map(hours => (
                <MenuItem
                  key={hours}
                  icon={BellOff}
                  onSelect={() =>
                    mute.mutate({ id: alert.id, until: new Date(Date.now() + hours * hourMs).toISOString() })
                  }
                >
                  {t('alerts.muteFor', { time: duration(hours * 3_600) })}
                </MenuItem>
              ))
            )}
          </RowMenu>
        )}
      </span>
      {isTaking && <TakeDialog alert={alert} title={title} onClose={() => setIsTaking(false)} />}
    </li>
  );
}

function State({ alert, isMuted, time }: { alert: Alert; isMuted: boolean; time: (at: string) => string }) {
  const { t } = useTranslation();
  if (isMuted)
    return t('alerts.mutedBy', { name: alert.muted_by?.name ?? '', time: time(alert.muted_until ?? alert.began_at) });
  if (alert.taken_at !== null) {
    const taken = t('alerts.takenBy', { name: alert.taken_by?.name ?? '', time: time(alert.taken_at) });
    return alert.taken_note === null ? taken : `${taken} “${alert.taken_note}”`;
  }
  const { code } = alert.detail;
  return (
    <>
      {alert.unstable && <>{t('alerts.isUnstable')} </>}
      {typeof code === 'string' && <>{t('alerts.mostly', { code })} </>}
      <b className="font-medium">{t(`alerts.remedy.${alert.signal}`)}</b>
      {alert.note !== null && ` ${alert.note}`}
    </>
  );
}

function TakeDialog({ alert, title, onClose }: { alert: Alert; title: string; onClose: () => void }) {
  const { t } = useTranslation();
  const take = useChange(takeAlert);
  const { form, input, errors, busy } = useForm({
    start: { note: '' },
    async send({ note }) {
      await take({ id: alert.id, ...(note.trim() !== '' && { note: note.trim() }) });
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('alerts.takeTitle')}
      submit={t('alerts.take')}
      form={form}
      busy={busy}
      intro={<p className="text-muted">{t('alerts.takeWords', { title })}</p>}
    >
      <Field label={t('alerts.takeNote')} hint={t('alerts.takeHint')} error={errors.note ?? errors.form}>
        <Area autoFocus rows={2} {...input('note')} />
      </Field>
    </FormDialog>
  );
}
