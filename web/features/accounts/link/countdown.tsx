// How long a code still works: a ring that empties, and the same in words.
import type { LinkCode } from '@recado/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../kit/format.ts';
import { useNow } from '../../../kit/use-now.ts';

const radius = 8;
const length = 2 * Math.PI * radius;
/** A code lives this long at least, so the ring of one that is found halfway is not full. */
const leastMs = 20_000;

/** Give it the value of the code as its key. */
export function Countdown({ code }: { code: LinkCode }) {
  const { t } = useTranslation();
  const { duration, number } = useFormat();
  const left = Math.max(0, Date.parse(code.expires_at) - useNow(1_000));
  const [whole] = useState(() => Math.max(left, leastMs));
  const isLast = code.number >= code.of;
  return (
    <p className="flex items-center justify-center gap-2.5 text-13">
      <svg width="20" height="20" viewBox="0 0 20 20" fill="none" strokeWidth={3} aria-hidden="true">
        <circle cx="10" cy="10" r={radius} stroke="var(--stage-rest)" />
        {left > 0 && (
          <circle
            cx="10"
            cy="10"
            r={radius}
            stroke="var(--accent-line)"
            strokeDasharray={length}
            strokeDashoffset={length * (1 - left / whole)}
            strokeLinecap="round"
            transform="rotate(-90 10 10)"
          />
        )}
      </svg>
      <span className="num">
        {left > 0
          ? t(isLast ? 'link.code.ends' : 'link.code.next', { time: duration(Math.ceil(left / 1_000)) })
          : t(isLast ? 'link.code.over' : 'link.code.now')}
      </span>
      {code.of > 1 && (
        <span className="num text-faint">
          {t('link.code.count', { number: number(code.number), of: number(code.of) })}
        </span>
      )}
    </p>
  );
}
