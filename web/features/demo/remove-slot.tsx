// Loads the question before the demo data goes when somebody asks for it: it writes numbers as people read them.

import { Suspense } from 'react';
import { lazyPart } from '../../kit/lazy.ts';

const Question = lazyPart(() => import('./remove-dialog.tsx'), 'RemoveDemoDialog');

export const RemoveDemoDialog = ({ onClose }: { onClose: () => void }) => (
  <Suspense fallback={null}>
    <Question onClose={onClose} />
  </Suspense>
);
