// Loads the viewer when somebody opens a file.

import { Suspense } from 'react';
import { lazyPart } from '../../../kit/lazy.ts';
import { useViewed } from './open.ts';

const Viewer = lazyPart(() => import('./viewer.tsx'), 'Viewer');

export function ViewerSlot({ name }: { name: string }) {
  const message = useViewed();
  return message ? (
    <Suspense fallback={null}>
      <Viewer message={message} name={name} />
    </Suspense>
  ) : null;
}
