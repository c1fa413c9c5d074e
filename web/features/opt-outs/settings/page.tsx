// Settings, opt-outs: the words that stop and start messages, what they stop, the answer, and the need of a consent.
import type { OptOutSettings } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Segments } from '../../../components/choose.tsx';
import { Area, Check, Field, Switch } from '../../../components/field.tsx';
import { LeaveGuard } from '../../../components/leave-guard.tsx';
import { Page } from '../../../components/page.tsx';
import { Answer, SkeletonCard } from '../../../components/states.tsx';
import { Card, CardBody, CardFoot, CardHead, Setting } from '../../../components/surfaces.tsx';
import { useMayEverywhere } from '../../../data/me.ts';
import { optOutSettingsQuery, updateOptOutSettings } from '../../../data/opt-outs.ts';
import { useForm } from '../../../kit/form.ts';
import { toast } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';
import { SettingsTabs } from '../../settings-tabs.tsx';
import { OptedOut } from './opted-out.tsx';
import { changesOf, fieldsByPath, startOf, turned, type Values, wordsIn } from './values.ts';

const example = {
  method: 'PATCH',
  path: '/api/v1/workspace/opt-outs',
  body: { effect: 'marketing', words: { stop: ['chega'], turn_on: ['END'] } },
  sdk: "await recado.optOuts.updateSettings({\n  effect: 'marketing',\n  words: { stop: ['chega'], turn_on: ['END'] },\n});",
};

export function OptOutSettingsPage() {
  const { t } = useTranslation();
  const settings = useQuery(optOutSettingsQuery);
  return (
    <Page title={t('settings.title')} example={example}>
      <SettingsTabs />
      <Answer query={settings} failed={t('optOuts.failed')} skeleton={<SkeletonCard className="h-120" />}>
        {data => <SettingsForm settings={data} />}
      </Answer>
      <OptedOut />
    </Page>
  );
}

function SettingsForm({ settings }: { settings: OptOutSettings }) {
  const { t } = useTranslation();
  const mayManage = useMayEverywhere('contacts.configure');
  const update = useChange(updateOptOutSettings);
  const [before, setBefore] = useState(() => startOf(settings));
  const { form, input, set, setAll, values, errors, busy } = useForm<Values>({
    start: before,
    fields: fieldsByPath,
    async send(given) {
      const saved = startOf(await update(changesOf(given, before)));
      setBefore(saved);
      setAll(saved);
      toast(t('optOuts.saved'));
    },
  });
  const changed = Object.keys(changesOf(values, before)).length > 0;
  const toggle = (name: 'answers' | 'consent', label: string) => (
    <Switch
      hidden
      label={label}
      checked={values[name] === 'on'}
      disabled={!mayManage}
      onChange={({ target }) => set(name, target.checked ? 'on' : '')}
    />
  );
  return (
    <form {...form} className="grid items-start gap-4 md:gap-6 lg:grid-cols-12">
      <LeaveGuard when={changed && !busy} />
      <Card className="lg:col-span-7">
        <CardHead title={t('optOuts.words')} />
        <CardBody className="grid gap-5">
          <p className="text-13 text-muted">{t('optOuts.wordsHint')}</p>
          {(['stop', 'start'] as const).map(action => (
            <section key={action} className="grid gap-3">
              <h3 className="text-13 font-medium">{t(`optOuts.${action}`)}</h3>
              <BuiltIn
                words={settings.words.built_in.filter(word => word.action === action)}
                on={values.on}
                disabled={!mayManage}
                onTurn={word => set('on', turned(values.on, word))}
              />
              <Field label={t('optOuts.own')} hint={t(`optOuts.own_${action}`)} error={errors[action]}>
                <Area rows={2} readOnly={!mayManage} className="min-h-16" {...input(action)} />
              </Field>
            </section>
          ))}
        </CardBody>
      </Card>
      <Card className="lg:col-span-5">
        <CardHead title={t('optOuts.effect')} />
        <CardBody>
          <Setting
            title={t('optOuts.stops')}
            hint={t(`optOuts.stops_${values.effect === 'all' ? 'all' : 'marketing'}`)}
          >
            {mayManage ? (
              <Segments
                label={t('optOuts.stops')}
                value={values.effect === 'all' ? 'all' : 'marketing'}
                options={(['marketing', 'all'] as const).map(value => ({
                  value,
                  label: t(`optOuts.category.${value}`),
                }))}
                onChange={value => set('effect', value)}
              />
            ) : (
              t(`optOuts.category.${values.effect === 'all' ? 'all' : 'marketing'}`)
            )}
          </Setting>
          <Setting title={t('optOuts.consent')} hint={t('optOuts.consentHint')}>
            {toggle('consent', t('optOuts.consent'))}
          </Setting>
          <Setting title={t('optOuts.answer')} hint={t('optOuts.answerHint')}>
            {toggle('answers', t('optOuts.answer'))}
          </Setting>
          {values.answers === 'on' && (
            <div className="grid gap-4 pt-3">
              {(['stopAnswer', 'startAnswer'] as const).map(name => (
                <Field key={name} label={t(`optOuts.${name}`)} hint={t('optOuts.ownAnswer')} error={errors[name]}>
                  <Area rows={2} readOnly={!mayManage} className="min-h-16" {...input(name)} />
                </Field>
              ))}
            </div>
          )}
        </CardBody>
        {mayManage && (
          <CardFoot>
            <span
              role={errors.form ? 'alert' : undefined}
              className={`flex-1 text-13 ${errors.form ? 'text-danger' : 'text-muted'}`}
            >
              {errors.form ?? t(changed ? 'limits.changed' : 'limits.unchanged')}
            </span>
            <Button kind="primary" type="submit" busy={busy} impossible={changed ? undefined : t('limits.unchanged')}>
              {t('action.save')}
            </Button>
          </CardFoot>
        )}
      </Card>
    </form>
  );
}

interface BuiltInProps {
  words: OptOutSettings['words']['built_in'];
  /** The words that act. */
  on: string;
  disabled: boolean;
  onTurn: (word: string) => void;
}

/** The words that every workspace has, by language. */
function BuiltIn({ words, on, disabled, onTurn }: BuiltInProps) {
  const { i18n } = useTranslation();
  const names = new Intl.DisplayNames(i18n.language, { type: 'language' });
  const acting = new Set(wordsIn(on));
  return [...new Set(words.map(({ language }) => language))].map(language => (
    <fieldset key={language} className="grid gap-1.5 md:grid-cols-[112px_minmax(0,1fr)] md:gap-4">
      <legend className="sr-only">{names.of(language)}</legend>
      <span aria-hidden="true" className="text-13/7 text-muted">
        {names.of(language)}
      </span>
      <div className="flex flex-wrap gap-x-5 gap-y-1 text-13">
        {words
          .filter(word => word.language === language)
          .map(({ word }) => (
            <Check
              key={word}
              className="min-h-7 items-center"
              label={<bdi lang={language}>{word}</bdi>}
              checked={acting.has(word)}
              disabled={disabled}
              onChange={() => onTurn(word)}
            />
          ))}
      </div>
    </fieldset>
  ));
}
