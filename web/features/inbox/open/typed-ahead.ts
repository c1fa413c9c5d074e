// Letters that somebody types while the first conversation is being loaded: they go into its field, and run no key.
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isTyping } from '../../../kit/hotkeys.ts';
import { isInComposer, typeIntoComposer } from '../composer/focus.ts';

/** Undefined while no conversation is being loaded. */
let typed: string | undefined;

function hold(event: KeyboardEvent): void {
  const { target, key, ctrlKey, metaKey, altKey } = event;
  if (typed === undefined || key.length > 1 || ctrlKey || metaKey || altKey) return;
  if (isTyping(target) && !isInComposer(target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  typed += key;
}

/** Keeps letters from the moment when somebody opens a conversation, unless the part that shows it `isLoaded`. */
export function useTypedAhead(isLoaded: () => boolean): void {
  const router = useRouter();
  useEffect(() => {
    const stop = router.subscribe('onBeforeNavigate', ({ toLocation }) => {
      typed = /^\/inbox\/./.test(toLocation.pathname) && !isLoaded() ? (typed ?? '') : undefined;
    });
    addEventListener('keydown', hold, true);
    return () => {
      stop();
      removeEventListener('keydown', hold, true);
      typed = undefined;
    };
  }, [router, isLoaded]);
}

/** Writes the letters into the field of the conversation that is there. */
export function useWriteTyped(): void {
  useEffect(() => {
    // After the effects that put the cursor into the field.
    requestAnimationFrame(() => {
      if (typed) typeIntoComposer(typed);
      typed = undefined;
    });
  }, []);
}
