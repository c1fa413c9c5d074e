// Where many messages are now, as one bar.
import { useTranslation } from 'react-i18next';
import { useFormat } from '../kit/format.ts';
import { type Branch, type Counts, type Stage, totalOf } from './strip.tsx';

/** From the furthest on. */
const order = ['read', 'delivered', 'sent', 'sending', 'waiting', 'unknown', 'left', 'failed'] as const;

const nowOf = (counts: Counts): Record<Stage | Branch, number> => ({
  ...counts,
  sent: counts.sent - counts.delivered,
  delivered: counts.delivered - counts.read,
});

/** Empty where there is nothing yet. */
export function Stack({ counts }: { counts: Counts | undefined }) {
  const { t } = useTranslation();
  const { number, list } = useFormat();
  if (!counts || totalOf(counts) === 0) return <span className="block h-2 rounded-[2px] bg-track" />;
  const now = nowOf(counts);
  const parts = order.filter(part => now[part] > 0);
  return (
    <span
      role="img"
      aria-label={list(parts.map(part => `${t(`stage.${part}`)} ${number(now[part])}`))}
      className="flex h-2 gap-0.5 overflow-hidden rounded-[2px]"
    >
      {parts.map(part => (
        <span
          key={part}
          className="min-w-[3px]"
          style={{ flex: `${now[part]} 0 0`, background: `var(--stage-${part === 'left' ? 'rest' : part})` }}
        />
      ))}
    </span>
  );
}
