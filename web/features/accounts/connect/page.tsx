// Connects an account: a number at Meta with its checks, a Sandbox at once, or a phone that is linked on the next page.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { ChoiceCard } from '../../../components/choice-card.tsx';
import { Page } from '../../../components/page.tsx';
import { channelsQuery } from '../../../data/accounts.ts';
import { cx } from '../../../kit/class-names.ts';
import { channelIcons } from '../channels.ts';
import { CloudForm } from './cloud-form.tsx';
import { exampleOf } from './example.ts';
import { SandboxForm } from './sandbox-form.tsx';
import { type Channel, channels, usualChannel } from './search.ts';
import { WebForm } from './web-form.tsx';

const forms: Record<Channel, ComponentType> = { sandbox: SandboxForm, cloud: CloudForm, web: WebForm };

export function ConnectPage() {
  const { t } = useTranslation();
  const { channel = usualChannel } = useSearch({ from: '/inside/accounts/new' });
  const off = useQuery(channelsQuery).data?.data.filter(({ available }) => !available) ?? [];
  const isOff = (name: Channel) => off.some(each => each.name === name);
  const shown = channels.filter(name => !isOff(name));
  const Form = forms[channel];
  return (
    <Page
      title={t('accounts.connect')}
      back={{ to: '/accounts', label: t('accounts.back') }}
      example={exampleOf(channel)}
    >
      <fieldset className={cx('grid gap-3', shown.length > 2 ? 'md:grid-cols-3' : 'md:grid-cols-2')}>
        <legend className="sr-only">{t('connect.channel')}</legend>
        {shown.map(name => (
          <ChannelChoice key={name} channel={name} chosen={name === channel} />
        ))}
      </fieldset>
      {off.map(({ name, reason }) => (
        <p key={name} className="text-13 text-muted">
          {t('connect.off', { channel: t(`channel.${name}`), reason: reason ?? '' })}
        </p>
      ))}
      {!isOff(channel) && <Form />}
    </Page>
  );
}

function ChannelChoice({ channel, chosen }: { channel: Channel; chosen: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <ChoiceCard
      name="channel"
      icon={channelIcons[channel]}
      title={t(`channel.${channel}`)}
      words={t(`connect.about_${channel}`)}
      chosen={chosen}
      onChoose={() =>
        void navigate({ to: '/accounts/new', search: channel === usualChannel ? {} : { channel }, replace: true })
      }
    />
  );
}
