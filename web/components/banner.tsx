// What is wrong with a page as long as it is: the cause in bold, then what to do.
import { CircleAlert, Info, TriangleAlert, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../kit/class-names.ts';

const tones = {
  info: { look: 'bg-info-soft text-info', icon: Info },
  warning: { look: 'bg-warning-soft text-warning', icon: TriangleAlert },
  danger: { look: 'bg-danger-soft text-danger', icon: CircleAlert },
  quiet: { look: 'bg-active text-muted', icon: WifiOff },
};

interface Props {
  tone: keyof typeof tones;
  /** The cause. */
  title: string;
  children?: ReactNode;
  /** One link at the end. */
  action?: ReactNode;
  flat?: boolean;
}

export function Banner({ tone, title, children, action, flat = false }: Props) {
  const { look, icon: Icon } = tones[tone];
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={cx('flex flex-wrap items-start gap-x-2.5 gap-y-1 px-4 py-2.5 text-13', look, !flat && 'rounded-card')}
    >
      <Icon size={16} strokeWidth={1.75} className="mt-0.5" aria-hidden="true" />
      <p className="min-w-0 flex-[1_1_calc(100%-40px)] md:flex-1">
        <b>{title}</b> {children}
      </p>
      {action && <span className="ms-6.5 font-strong underline underline-offset-3 md:ms-0">{action}</span>}
    </div>
  );
}
