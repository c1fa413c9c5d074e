// When a waiting message leaves, ticking down, with its place in line.
import type { MessageDetails } from '@recado/client';
import { useNow } from '../../kit/use-now.ts';
import { useLeavesWords } from '../../words/waiting.ts';

type Waiting = NonNullable<MessageDetails['waiting']>;

export function Leaves({ waiting }: { waiting: Omit<Waiting, 'id'> }) {
  const words = useLeavesWords();
  return <>{words(waiting, useNow(1_000))}</>;
}
