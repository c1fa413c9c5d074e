// Counts of rows side by side, and a bar with the share of each.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dot, type Health } from '../../../components/marks.tsx';
import { Card } from '../../../components/surfaces.tsx';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';

export interface Figure {
  count: number;
  mark: Health | 'info';
  name: string;
  /** What it means, in few words. */
  words: string;
}

const colours: Record<Figure['mark'], string> = {
  success: 'bg-success-solid',
  info: 'bg-info-solid',
  warning: 'bg-warning-solid',
  danger: 'bg-danger-solid',
  off: 'bg-track',
};

interface Props {
  label: string;
  figures: readonly Figure[];
  /** All rows: those without a figure yet are the empty end of the bar. */
  total: number;
  /** Below the bar. */
  children?: ReactNode;
}

export function Figures({ label, figures, total, children }: Props) {
  const { number } = useFormat();
  const { t } = useTranslation();
  const inWords = figures.map(({ count, name }) => t('imports.figure', { name, number: number(count) })).join(', ');
  const rest = total - figures.reduce((sum, { count }) => sum + count, 0);
  return (
    <Card aria-label={label} className="p-4 md:p-5">
      <dl
        className={cx(
          'grid grid-cols-2 gap-4',
          figures.length > 4 ? 'md:grid-cols-3 xl:grid-cols-6' : 'md:grid-cols-4',
        )}
      >
        {figures.map(({ count, mark, name, words }) => (
          <div key={name} className="flex flex-col">
            <dt className="order-2 grid">
              <span className="flex items-center gap-1.5 font-medium">
                <Dot health={mark} />
                {name}
              </span>
              <span className="text-13 font-regular text-muted">{words}</span>
            </dt>
            <dd className="num order-1 text-28/9 font-strong">{number(count)}</dd>
          </div>
        ))}
      </dl>
      <div role="img" aria-label={inWords} className="mt-4 flex h-2 gap-0.5 overflow-hidden rounded-badge">
        {figures
          .filter(({ count }) => count > 0)
          .map(({ count, mark, name }) => (
            <span key={name} className={cx('min-w-[3px]', colours[mark])} style={{ flex: `${count} 0 0` }} />
          ))}
        {rest > 0 && <span className="bg-sunken" style={{ flex: `${rest} 0 0` }} />}
      </div>
      {children}
    </Card>
  );
}
