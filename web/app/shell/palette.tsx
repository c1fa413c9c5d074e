// ⌘K: opens the finder, which is loaded when the browser rests.
import * as Radix from '@radix-ui/react-dialog';
import { Suspense } from 'react';
import { lazyPart } from '../../kit/lazy.ts';
import type { PaletteActs } from './palette/entry.ts';

const Finder = lazyPart(() => import('./palette/finder.tsx'), 'Finder');

export function Palette({ open, ...acts }: PaletteActs & { open: boolean }) {
  return (
    <Radix.Root open={open} onOpenChange={next => !next && acts.onClose()}>
      <Radix.Portal>
        <div data-scrim className="fixed inset-0 z-(--z-dialog) flex items-start justify-center bg-scrim p-4 pt-[12vh]">
          <Suspense fallback={null}>
            <Finder {...acts} />
          </Suspense>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}
