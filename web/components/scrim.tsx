// Dims the page below a dialog, and keeps it from scrolling.
import { type ComponentProps, useState } from 'react';
import { cx } from '../kit/class-names.ts';

export function Scrim({ className, ...props }: ComponentProps<'div'>) {
  // Only a page with a scrollbar would become wider without it; a short one must keep its whole width.
  const [hidesScrollbar] = useState(() => window.innerWidth > document.documentElement.clientWidth);
  return (
    <div
      data-scrim={hidesScrollbar ? 'hides-scrollbar' : ''}
      className={cx('fixed inset-0 z-(--z-dialog) bg-scrim p-4', className)}
      {...props}
    />
  );
}
