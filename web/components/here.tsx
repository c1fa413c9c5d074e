// Who is here: filled is online, half is away, a ring is offline. A word or the name of the face says it too.
import type { Availability } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { cx } from '../kit/class-names.ts';
import { Avatar } from './marks.tsx';

type Status = Availability['status'];

const looks: Record<Status, string> = {
  online: 'bg-success-solid',
  away: 'border-[1.5px] border-faint bg-[linear-gradient(90deg,var(--text-faint)_50%,var(--surface)_50%)]',
  offline: 'border-2 border-line bg-surface',
};

export const Here = ({ status, className }: { status: Status; className?: string }) => (
  <span aria-hidden="true" className={cx('inline-block size-2.5 flex-none rounded-full', looks[status], className)} />
);

interface FaceProps {
  name: string;
  /** Undefined: not known, or of no interest. */
  status: Status | undefined;
  /** The name stands beside it, so it is not said twice. */
  isNamed?: boolean;
}

/** The face of a person, with the mark at its corner. */
export function Face({ name, status, isNamed = false }: FaceProps) {
  const { t } = useTranslation();
  const said = status === undefined ? name : t('here.of', { name, status: t(`here.${status}`) });
  return (
    <span className="relative inline-grid flex-none" title={said}>
      <Avatar name={name} size="small" />
      {status && <Here status={status} className="absolute -end-0.5 -bottom-0.5 ring-2 ring-surface" />}
      <span className="sr-only">{isNamed ? status && t(`here.${status}`) : said}</span>
    </span>
  );
}
