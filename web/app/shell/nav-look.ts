// The classes of an item of the navigation: an icon, with its word where there is room.
import { cx } from '../../kit/class-names.ts';

export const navLook = (folded: boolean): string =>
  cx(
    'flex size-10 items-center justify-center gap-3 rounded-control font-medium whitespace-nowrap text-muted hover:bg-hover hover:text-text aria-[current=page]:bg-selected aria-[current=page]:text-accent-text',
    !folded && 'xl:h-8 xl:w-full xl:justify-start xl:px-2.5',
  );

/** The word of an item, on one line: screen readers always have it. */
export const navWord = (folded: boolean): string =>
  cx('sr-only', !folded && 'xl:not-sr-only xl:min-w-0 xl:overflow-hidden! xl:text-ellipsis xl:whitespace-nowrap!');
