// Loads the viewer when somebody opens a file.

import { Suspense } from 'react';
import { lazyPart } from '../../../kit/lazy.ts';
import { useViewed } from './open.ts';

const Viewer = lazyPart(() => import('./viewer.tsx'), 'Viewer');

export function ViewerSlot({ name }: { name: string }) {
  const viewed = useViewed();
  return viewed ? (
    <Suspense fallback={null}>
      <Viewer {...viewed} name={name} />
    </Suspense>
  ) : null;
}
