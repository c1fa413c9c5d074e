// Settings, your notifications: what tells the person of something, where, and how it sounds.
import type { NotificationSettings } from '@recado/client';
import {
  mailedKind,
  type NotificationChannel,
  type NotificationKind,
  notificationChannels,
  notificationKinds,
  notificationSounds,
} from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { BellRing, Play } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../components/banner.tsx';
import { IconButton, LinkButton } from '../../components/button.tsx';
import { Segments } from '../../components/choose.tsx';
import { Check, Radio, Switch } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Answer, SkeletonCard } from '../../components/states.tsx';
import { Card, CardBody, CardHead, Setting, Table } from '../../components/surfaces.tsx';
import { notificationSettingsQuery, updateNotificationSettings } from '../../data/notifications.ts';
import { useIsTeam } from '../../data/people.ts';
import { useFormat } from '../../kit/format.ts';
import { hasPush } from '../../kit/push.ts';
import { hasPlayed, playOnce } from '../../kit/sound.ts';
import { useAction } from '../../kit/use-action.ts';
import { SettingsTabs } from '../settings-tabs.tsx';
import { kindIcons } from './kinds.ts';
import { Devices, ThisBrowser } from './this-browser.tsx';

export function YourNotificationsPage() {
  const { t } = useTranslation();
  const settings = useQuery(notificationSettingsQuery);
  return (
    <Page
      title={t('settings.title')}
      example={{
        method: 'GET',
        path: '/api/v1/me/notification-settings',
        sdk: 'const { kinds } = await recado.me.getNotificationSettings();\nconsole.log(kinds.message);',
        personOnly: true,
      }}
    >
      <SettingsTabs />
      <Answer query={settings} failed={t('hear.settingsFailed')} skeleton={<SkeletonCard className="h-96" />}>
        {known => <Parts settings={known} />}
      </Answer>
    </Page>
  );
}

type Change = Partial<Omit<NotificationSettings, 'kinds'>> & { kinds?: Partial<NotificationSettings['kinds']> };
interface PartProps {
  settings: NotificationSettings;
  save: (change: Change) => void;
}

function Parts({ settings: kept }: { settings: NotificationSettings }) {
  const { t } = useTranslation();
  const { mutate } = useAction(updateNotificationSettings);
  // A choice on its way to the server is shown already.
  const [changed, setChanged] = useState<Partial<NotificationSettings>>({});
  const settings = { ...kept, ...changed };
  const save = ({ kinds, ...fields }: Change) => {
    const all = { ...settings.kinds, ...kinds };
    setChanged(before => ({ ...before, ...fields, kinds: all }));
    mutate({ ...fields, ...(kinds && { kinds }) }, { onSettled: () => setChanged({}) });
  };
  const [played, setPlayed] = useState(hasPlayed);
  const part = { settings, save };
  const play = (sound = settings.sound) =>
    void playOnce({ sound, volume: settings.volume }).then(() => setPlayed(true));
  return (
    <>
      {!played && (
        <Banner
          tone="info"
          title={t('hear.notPlayed')}
          action={<LinkButton onClick={() => play()}>{t('hear.playOnce')}</LinkButton>}
        >
          {t('hear.notPlayedWords')}
        </Banner>
      )}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-4 md:gap-6">
          <Kinds {...part} />
          <ThisBrowser />
          {hasPush() && <Devices />}
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-4 md:gap-6">
          <Sounds {...part} play={play} />
          <Content {...part} />
          <Card>
            <CardHead title={t('hear.titleAndIcon')} />
            <CardBody>
              <Setting title={t('hear.counts')} hint={t('hear.countsHint')}>
                <Switch
                  hidden
                  label={t('hear.counts')}
                  checked={settings.counts}
                  onChange={({ target }) => part.save({ counts: target.checked })}
                />
              </Setting>
            </CardBody>
          </Card>
        </div>
      </div>
    </>
  );
}

const mayCarry = (channel: NotificationChannel, kind: NotificationKind): boolean =>
  channel !== 'email' || kind === mailedKind;

/** What only a team has. */
const ofTeams: ReadonlySet<string> = new Set(['mention', 'handed_over', 'assigned', 'followed', 'queue']);

function Kinds({ settings, save }: PartProps) {
  const { t } = useTranslation();
  const isTeam = useIsTeam();
  const reset = useAction({ ...updateNotificationSettings, done: t('hear.isDefault') });
  const channels = notificationChannels.filter(channel => channel !== 'email' || (isTeam && settings.sends_mail));
  const kinds = notificationKinds.filter(kind => isTeam || !ofTeams.has(kind));
  const change = (kind: (typeof notificationKinds)[number], channel: NotificationChannel, isOn: boolean) => {
    const others = settings.kinds[kind].filter(each => each !== channel);
    save({ kinds: { [kind]: isOn ? [...others, channel] : others } });
  };
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h2>{t('hear.where')}</h2>
        <LinkButton onClick={() => reset.mutate({ kinds: null })}>{t('hear.toDefault')}</LinkButton>
      </div>
      <Table label={t('hear.where')} short>
        <thead>
          <tr>
            <th scope="col">{t('hear.kindHead')}</th>
            {channels.map(channel => (
              <th key={channel} scope="col">
                {t(`hear.channel.${channel}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {kinds.map(kind => {
            const Icon = kindIcons[kind];
            return (
              <tr key={kind}>
                <td className="wide small-full">
                  <span className="flex items-center gap-2.5">
                    <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none text-muted" />
                    <span className="cut">{t(`hear.kind.${kind}`)}</span>
                  </span>
                </td>
                {channels.map(channel => (
                  <td key={channel} className={mayCarry(channel, kind) ? undefined : 'small-hidden'}>
                    <Check
                      disabled={!mayCarry(channel, kind)}
                      aria-label={`${t(`hear.kind.${kind}`)}: ${t(`hear.channel.${channel}`)}`}
                      label={<span className="md:sr-only">{t(`hear.channel.${channel}`)}</span>}
                      checked={settings.kinds[kind].includes(channel)}
                      onChange={({ target }) => change(kind, channel, target.checked)}
                    />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </Table>
      <p className="text-13 text-muted">{t('hear.words')}</p>
    </section>
  );
}

function Sounds({ settings, save, play }: PartProps & { play: (sound: NotificationSettings['sound']) => void }) {
  const { t } = useTranslation();
  const { percent } = useFormat();
  return (
    <Card>
      <CardHead title={t('hear.sound')} />
      <CardBody>
        <div className="grid gap-4">
          <fieldset className="grid gap-1">
            <legend className="sr-only">{t('hear.sound')}</legend>
            {notificationSounds.map(sound => (
              <div key={sound} className="flex items-center justify-between">
                <Radio
                  name="sound"
                  label={t(`hear.sounds.${sound}`)}
                  checked={settings.sound === sound}
                  onChange={() => save({ sound })}
                />
                <IconButton
                  icon={Play}
                  size="small"
                  label={t('hear.play', { sound: t(`hear.sounds.${sound}`) })}
                  onClick={() => play(sound)}
                />
              </div>
            ))}
          </fieldset>
          <label className="grid gap-1.5">
            <span className="flex justify-between gap-3 text-13">
              <span className="font-medium">{t('hear.volume')}</span>
              <span className="num">{percent(settings.volume / 100)}</span>
            </span>
            <input
              type="range"
              min={0}
              max={100}
              step={10}
              value={settings.volume}
              className="w-full accent-(--accent)"
              onChange={({ target }) => save({ volume: Number(target.value) })}
            />
          </label>
          <p className="text-13 text-muted">{t('hear.soundWords')}</p>
        </div>
      </CardBody>
    </Card>
  );
}

const contents = ['text', 'name', 'nothing'] as const;

function Content({ settings, save }: PartProps) {
  const { t } = useTranslation();
  const example = {
    text: { title: t('hear.exampleName'), body: t('hear.exampleText') },
    name: { title: t('hear.exampleName'), body: t('told.message', { count: 1, number: '1' }) },
    nothing: { title: t('told.hidden'), body: t('told.hiddenWords') },
  }[settings.content];
  return (
    <Card>
      <CardHead title={t('hear.content')} />
      <CardBody>
        <div className="grid justify-items-start gap-4">
          <Segments
            label={t('hear.content')}
            value={settings.content}
            options={contents.map(value => ({ value, label: t(`hear.contents.${value}`) }))}
            onChange={content => save({ content })}
          />
          <div className="flex w-full items-center gap-3 rounded-card border border-border bg-raised p-3">
            <BellRing size={20} strokeWidth={1.6} aria-hidden="true" className="flex-none text-muted" />
            <div className="min-w-0">
              <b className="cut block font-medium">{example.title}</b>
              <p className="text-13 text-muted">{example.body}</p>
            </div>
          </div>
          <p className="text-13 text-muted">{t('hear.contentWords')}</p>
        </div>
      </CardBody>
    </Card>
  );
}
