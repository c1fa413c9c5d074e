// The sending limits of an account. A change holds at once, also for what waits.

import type { Account } from '@recado/client';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Segments } from '../../../components/choose.tsx';
import { Affix, Input, Select, Switch } from '../../../components/field.tsx';
import { LeaveGuard } from '../../../components/leave-guard.tsx';
import { Card, CardBody, CardFoot, CardHead, Setting } from '../../../components/surfaces.tsx';
import { updateAccount } from '../../../data/accounts.ts';
import { cx } from '../../../kit/class-names.ts';
import { useForm } from '../../../kit/form.ts';
import { toast } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';
import {
  changesOf,
  errorOf,
  fieldsByPath,
  follow,
  type LimitValues,
  numberFields,
  problemsOf,
  startOf,
} from './limit-values.ts';

export function LimitsForm({ account }: { account: Account }) {
  const { t } = useTranslation();
  const update = useChange(updateAccount);
  const start = startOf(account);
  const { form, input, set, setAll, values, errors, error, busy } = useForm<LimitValues>({
    start,
    check: given => problemsOf(given, t('form.wholeNumber')),
    eager: numberFields,
    fields: fieldsByPath,
    async send(given) {
      await update({ id: account.id, ...changesOf(given, start) });
      toast(t('limits.saved', { name: account.name }));
    },
  });
  const [followed, setFollowed] = useState(start);
  if (JSON.stringify(followed) !== JSON.stringify(start)) {
    setFollowed(start);
    setAll(follow(values, followed, start));
  }
  const changed = Object.keys(changesOf(values, start)).length > 0;
  const id = useId();
  const below = (name: keyof LimitValues) => `${id}-${name}`;
  const isOn = (name: keyof LimitValues) => values[name] === 'on';
  const number = (name: keyof LimitValues, label: string, className = 'w-24!') => (
    <Input
      aria-label={label}
      inputMode="numeric"
      className={cx('num', className)}
      aria-invalid={errors[name] ? true : undefined}
      aria-describedby={errors[name] ? below(name === 'rateSeconds' ? 'rateMessages' : name) : undefined}
      {...input(name)}
    />
  );
  const toggle = (name: keyof LimitValues, label: string) => (
    <Switch
      hidden
      label={label}
      checked={isOn(name)}
      onChange={event => set(name, event.target.checked ? 'on' : 'off')}
    />
  );
  const wrong = errorOf(errors, error, t('limits.rejected'));
  return (
    <form {...form} id="limits" className="scroll-mt-16">
      <LeaveGuard
        when={changed}
        title={t('limits.leaveTitle', { name: account.name })}
        keep={t('limits.leaveKeep')}
        confirm={t('limits.leaveConfirm')}
      >
        {t('limits.leaveWords')}
      </LeaveGuard>
      <Card>
        <CardHead title={t('limits.title')}>
          <span className="hidden text-13 text-muted md:inline">{t('limits.atOnce')}</span>
        </CardHead>
        <CardBody>
          <Setting
            title={t('limits.rate')}
            hint={t('limits.rateHint')}
            error={errors.rateMessages ?? errors.rateSeconds}
            errorId={below('rateMessages')}
          >
            {number('rateMessages', t('limits.messages'))}
            <span className="text-muted">{t('limits.in')}</span>
            <Affix after={t('limits.secondsUnit')} className="w-30">
              {number('rateSeconds', t('limits.seconds'), '')}
            </Affix>
          </Setting>
          <Setting
            title={t('limits.day')}
            hint={t('limits.dayHint', { zone: account.time_zone })}
            error={errors.perDay}
            errorId={below('perDay')}
          >
            {isOn('hasDay') && (
              <>
                {number('perDay', t('limits.messagesADay'), 'w-30!')}
                <Select aria-label={t('limits.beyond')} className="w-46!" {...input('onLimit')}>
                  <option value="hold">{t('limits.hold')}</option>
                  <option value="reject">{t('limits.reject')}</option>
                </Select>
              </>
            )}
            {toggle('hasDay', t('limits.day'))}
          </Setting>
          <Setting
            title={t('limits.newConversations')}
            hint={t('limits.newConversationsHint')}
            error={errors.newConversations}
            errorId={below('newConversations')}
          >
            {isOn('hasNew') && number('newConversations', t('limits.newConversations'), 'w-30!')}
            {toggle('hasNew', t('limits.newConversations'))}
          </Setting>
          <Setting title={t('limits.quiet')} hint={t('limits.quietHint')}>
            {isOn('hasQuiet') && (
              <Between word={t('limits.to')}>
                <Input type="time" aria-label={t('limits.from')} className="num w-30!" {...input('quietFrom')} />
                <Input type="time" aria-label={t('limits.until')} className="num w-30!" {...input('quietUntil')} />
              </Between>
            )}
            {toggle('hasQuiet', t('limits.quiet'))}
          </Setting>
          <Setting title={t('limits.unknown')} hint={t('limits.unknownHint')}>
            <Segments
              label={t('limits.unknown')}
              value={values.onUnknown}
              options={(['hold', 'retry', 'fail'] as const).map(value => ({
                value,
                label: t(`limits.unknown_${value}`),
              }))}
              onChange={value => set('onUnknown', value)}
            />
          </Setting>
        </CardBody>
        <CardFoot>
          <span role={wrong ? 'alert' : undefined} className={`flex-1 text-13 ${wrong ? 'text-danger' : 'text-muted'}`}>
            {wrong ?? t(changed ? 'limits.changed' : 'limits.unchanged')}
          </span>
          <Button kind="primary" type="submit" busy={busy} impossible={changed ? undefined : t('limits.unchanged')}>
            {t('action.save')}
          </Button>
        </CardFoot>
      </Card>
    </form>
  );
}

const Between = ({ word, children }: { word: string; children: [ReactNode, ReactNode] }) => (
  <>
    {children[0]}
    <span className="text-muted">{word}</span>
    {children[1]}
  </>
);
