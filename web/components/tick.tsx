// A message's status: a shape of its own for each, with its word.
import type { Status as MessageStatus } from '@recado/contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../kit/class-names.ts';

export type { MessageStatus };

const shapes: Record<MessageStatus, ReactNode> = {
  scheduled: (
    <path d="M4.5 3.5h7a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2zm-2 3.25h11M5.5 2v2.5M10.5 2v2.5" />
  ),
  queued: <path d="M13.75 8a5.75 5.75 0 1 1-11.5 0 5.75 5.75 0 0 1 11.5 0zM8 5v3l2 1.5" />,
  sending: <path d="M8 13V4M4.5 7.25 8 3.75l3.5 3.5" />,
  sent: <path d="m3.5 8.5 3 3 6-7" />,
  delivered: <path d="m1.25 8.5 3 3 6-7M8 11l.5.5 6-7" />,
  read: (
    <>
      <rect y="2.25" width="16" height="11.5" rx="3.5" fill="currentColor" stroke="none" />
      <path className="cut-out" d="m2.75 8.25 2.1 2.1 4.2-4.9M7.7 10l.35.35 4.2-4.9" />
    </>
  ),
  played: (
    <>
      <rect y="2.25" width="16" height="11.5" rx="3.5" fill="currentColor" stroke="none" />
      <path className="cut-out" d="M6.25 5.4v5.2L10.5 8z" />
    </>
  ),
  failed: <path d="M5.4 1.75h5.2l3.65 3.65v5.2l-3.65 3.65H5.4L1.75 10.6V5.4zM8 4.75v3.75M8 11v.05" />,
  unknown: (
    <>
      <circle cx="8" cy="8" r="6.25" strokeDasharray="2.4 1.9" />
      <path d="M6.2 6.4a1.85 1.85 0 1 1 2.6 1.7c-.5.25-.8.6-.8 1.1M8 11.4v.05" />
    </>
  ),
  cancelled: <path d="M13.75 8a5.75 5.75 0 1 1-11.5 0 5.75 5.75 0 0 1 11.5 0zM4 4l8 8" />,
  expired: <path d="M4 2h8M4 14h8M5 2v2.2L8 8l3-3.8V2M5 14v-2.2L8 8l3 3.8V14" />,
  received: <path d="M12 4 5 11M5 5.5V11h5.5" />,
};

/** `label`: its word for screen readers, where no word is beside it. */
export function Tick({ status, size = 16, label }: { status: MessageStatus; size?: number; label?: string }) {
  return (
    <svg
      className="tick flex-none"
      data-s={status}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden={label === undefined || undefined}
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
    >
      {shapes[status]}
    </svg>
  );
}

/** Tick and word. */
export function StatusWord({ status, word, className }: { status: MessageStatus; word?: string; className?: string }) {
  const { t } = useTranslation();
  return (
    <span
      className={cx(
        'status inline-flex items-center gap-1.5 align-middle text-13 font-medium whitespace-nowrap',
        className,
      )}
      data-s={status}
    >
      <Tick status={status} />
      {word ?? t(`status.${status}`)}
    </span>
  );
}
