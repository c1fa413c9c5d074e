// The number at an item of the navigation.
import { useTranslation } from 'react-i18next';
import { cx } from '../../kit/class-names.ts';
import { useFormat } from '../../kit/format.ts';
import type { Place } from './navigation.ts';

const mostInBadge = 99;

/** `inLine`: at the end of the row on a wide page, instead of at the corner of the icon. */
export function Badge({
  name,
  count = 0,
  inLine,
}: {
  name: Place['name'];
  count: number | undefined;
  inLine: boolean;
}) {
  const { t } = useTranslation();
  const { number } = useFormat();
  if (count === 0 || (name !== 'inbox' && name !== 'queue' && name !== 'alerts' && name !== 'notifications'))
    return null;
  const isHot = name === 'queue' || name === 'alerts';
  return (
    <>
      <span
        aria-hidden="true"
        className={cx(
          'num absolute top-0.5 min-w-4 rounded-full px-1 text-center text-12/4 font-strong text-on-solid',
          'start-[calc(50%+4px)] ring-2 ring-canvas',
          isHot ? 'bg-danger-solid' : 'bg-accent',
          inLine && 'xl:static xl:ms-auto xl:bg-transparent xl:px-0 xl:font-regular xl:ring-0',
          inLine && (isHot ? 'xl:font-medium xl:text-danger' : 'xl:text-faint'),
        )}
      >
        {count > mostInBadge ? `${number(mostInBadge)}+` : number(count)}
      </span>
      <span className="sr-only"> {t(`nav.badge.${name}`, { count, number: number(count) })}</span>
    </>
  );
}
