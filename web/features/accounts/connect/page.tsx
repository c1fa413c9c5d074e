// Connects an account: a number at Meta with its checks, a Sandbox at once, or a phone that is linked on the next page.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
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
  const Icon = channelIcons[channel];
  const navigate = useNavigate();
  return (
    <label
      className={cx(
        'flex cursor-pointer gap-3 rounded-card border px-4 py-3.5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
        chosen
          ? 'border-accent-line bg-accent-soft shadow-[inset_0_0_0_1px_var(--accent-line)]'
          : 'border-line/40 bg-surface',
      )}
    >
      <input
        type="radio"
        name="channel"
        className="sr-only"
        checked={chosen}
        onChange={() =>
          void navigate({ to: '/accounts/new', search: channel === usualChannel ? {} : { channel }, replace: true })
        }
      />
      <Icon
        size={20}
        strokeWidth={1.6}
        className={cx('mt-px', chosen ? 'text-accent-text' : 'text-muted')}
        aria-hidden="true"
      />
      <span>
        <b className="block">{t(`channel.${channel}`)}</b>
        <span className="text-13 text-muted">{t(`connect.about_${channel}`)}</span>
      </span>
    </label>
  );
}
