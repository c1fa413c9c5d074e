// What the phone reads, or a mark of the state where there is nothing to read.
import type { Link } from '@recado/client';
import {
  Ban,
  CircleCheck,
  History,
  type LucideIcon,
  QrCode as QrCodeIcon,
  RefreshCw,
  TriangleAlert,
  Unlink,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../../components/code.tsx';
import { QrCode } from '../../../components/qr-code.tsx';
import { cx } from '../../../kit/class-names.ts';
import { Countdown } from './countdown.tsx';

const marks: Record<Exclude<Link['state'], 'linking'>, { icon: LucideIcon; color: string }> = {
  unlinked: { icon: QrCodeIcon, color: 'text-faint' },
  connected: { icon: CircleCheck, color: 'text-success' },
  reconnecting: { icon: RefreshCw, color: 'text-warning' },
  logged_out: { icon: Unlink, color: 'text-danger' },
  banned: { icon: Ban, color: 'text-danger' },
  outdated: { icon: History, color: 'text-danger' },
  failed: { icon: TriangleAlert, color: 'text-warning' },
};

/** The same size for all, so that nothing moves when a code comes. */
const size = 'size-62 max-w-full';

interface Props {
  link: Link;
  /** The name of the account. */
  name: string;
}

export function Figure({ link, name }: Props) {
  const { t } = useTranslation();
  const { state, code } = link;
  if (state !== 'linking') {
    const { icon: Icon, color } = marks[state];
    return (
      <div className="grid h-28 w-full place-items-center self-center rounded-card bg-sunken md:size-62">
        <Icon size={48} strokeWidth={1.25} className={color} aria-hidden="true" />
      </div>
    );
  }
  return (
    <div className="grid justify-items-center gap-3">
      {!code && (
        <div className={cx('grid place-items-center rounded-card bg-sunken', size)}>
          <span className="spin text-accent-text" aria-hidden="true" />
        </div>
      )}
      {code?.method === 'qr' && (
        <div data-code={code.value}>
          <QrCode
            text={code.value}
            label={t('link.code.qr', { name })}
            correction="L"
            className={cx(size, 'border-transparent dark:border-border')}
          />
        </div>
      )}
      {code?.method === 'pairing_code' && <PairingCode value={code.value} />}
      {code ? (
        <Countdown key={code.value} code={code} />
      ) : (
        <p className="text-13 text-muted">{t('link.code.coming')}</p>
      )}
    </div>
  );
}

/** In two halves, as WhatsApp asks for it. */
export const halves = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;

function PairingCode({ value }: { value: string }) {
  const { t } = useTranslation();
  return (
    <div className={cx('grid content-center justify-items-center gap-2 rounded-card bg-sunken', size)}>
      <code dir="ltr" className="text-28 font-strong tracking-[0.06em] whitespace-nowrap">
        {halves(value)}
      </code>
      <span className="flex items-center text-13 text-muted">
        {t('link.code.pairing')}
        <CopyButton text={value} label={t('link.code.copy')} />
      </span>
    </div>
  );
}
