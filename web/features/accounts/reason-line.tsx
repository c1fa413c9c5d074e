import type { Account } from '@recado/client';
import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, Clock, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { resumeAccount } from '../../data/accounts.ts';
import { useMay } from '../../data/me.ts';
import { cx } from '../../kit/class-names.ts';
import { useAction } from '../../kit/use-action.ts';
import { CredentialsDialog } from './account/credentials-dialog.tsx';
import { GoLink } from './account/link-parts.tsx';
import type { Reason } from './reason.ts';

const tones = {
  ok: { icon: CircleCheck, text: 'text-muted', mark: 'text-success' },
  quiet: { icon: Clock, text: 'text-muted', mark: 'text-faint' },
  warning: { icon: TriangleAlert, text: 'text-warning', mark: '' },
  danger: { icon: CircleAlert, text: 'text-danger', mark: '' },
};

/** Why an account sends or does not, and what to do, at the foot of its card. */
export function ReasonLine({ account, reason }: { account: Account; reason: Reason }) {
  const { t } = useTranslation();
  const mayManage = useMay('accounts.manage');
  const [saving, setSaving] = useState(false);
  const { icon: Icon, text, mark } = tones[reason.tone];
  const resume = useAction({
    ...resumeAccount,
    done: t('accounts.resumed', { name: account.name }),
  });
  return (
    <div
      className={cx(
        'flex min-h-10 flex-wrap items-center gap-2 border-t border-border px-4 py-2 text-13 md:px-5',
        text,
      )}
    >
      <span className="flex min-w-0 flex-[1_1_240px] items-start gap-2">
        <Icon size={16} strokeWidth={1.75} className={cx('mt-0.5', mark)} aria-hidden="true" />
        <span className="min-w-0 wrap-anywhere">{reason.text}</span>
      </span>
      {mayManage && reason.action === 'credentials' && (
        <Button kind="line" size="small" onClick={() => setSaving(true)}>
          {t('accounts.newToken')}
        </Button>
      )}
      {mayManage && reason.action === 'resume' && (
        <Button kind="line" size="small" busy={resume.isPending} onClick={() => resume.mutate(account.id)}>
          {t(account.capabilities.needs_session ? 'link.action.retry' : 'accounts.resume')}
        </Button>
      )}
      {mayManage && reason.action === 'link' && account.link && <GoLink account={account} link={account.link} small />}
      {reason.action === 'decide' && (
        <Link to="/queue" search={{ status: 'unknown', account: account.id }} className="link font-medium">
          {t('reason.decide')}
        </Link>
      )}
      {saving && <CredentialsDialog account={account} onClose={() => setSaving(false)} />}
    </div>
  );
}
