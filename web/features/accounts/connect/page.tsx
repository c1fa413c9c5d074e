// Connects an account: a Sandbox at once, or a number at Meta with its checks.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Cloud, type LucideIcon, Smartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../../components/page.tsx';
import { cx } from '../../../kit/class-names.ts';
import { CloudForm } from './cloud-form.tsx';
import { SandboxForm } from './sandbox-form.tsx';

export type Channel = 'sandbox' | 'cloud';

const channels: readonly { channel: Channel; icon: LucideIcon }[] = [
  { channel: 'cloud', icon: Cloud },
  { channel: 'sandbox', icon: Smartphone },
];

export function ConnectPage() {
  const { t } = useTranslation();
  const { channel = 'cloud' } = useSearch({ from: '/inside/accounts/new' });
  const example = {
    method: 'POST',
    path: '/api/v1/accounts',
    body:
      channel === 'sandbox'
        ? { name: 'Sandbox', channel }
        : {
            name: 'Lisbon',
            channel,
            phone_number_id: '106540352242922',
            business_account_id: '102290129340398',
            access_token: 'EAAG…',
            app_secret: '…',
            verify_token: '…',
          },
    sdk:
      channel === 'sandbox'
        ? "await recado.accounts.create({ name: 'Sandbox', channel: 'sandbox' });"
        : "await recado.accounts.create({\n  name: 'Lisbon',\n  channel: 'cloud',\n  phone_number_id, business_account_id,\n  access_token, app_secret, verify_token,\n});",
  };
  return (
    <Page title={t('accounts.connect')} back={{ to: '/accounts', label: t('accounts.back') }} example={example}>
      <fieldset className="grid gap-3 md:grid-cols-2">
        <legend className="sr-only">{t('connect.channel')}</legend>
        {channels.map(each => (
          <ChannelChoice key={each.channel} {...each} chosen={each.channel === channel} />
        ))}
      </fieldset>
      {channel === 'cloud' ? <CloudForm /> : <SandboxForm />}
    </Page>
  );
}

function ChannelChoice({ channel, icon: Icon, chosen }: { channel: Channel; icon: LucideIcon; chosen: boolean }) {
  const { t } = useTranslation();
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
          void navigate({ to: '/accounts/new', search: channel === 'sandbox' ? { channel } : {}, replace: true })
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
