// Parts of the app that are loaded at their first use, and all of them once the browser rests. Then every page opens, also
// while the server is away.
import { type ComponentType, createElement, type ReactNode, use } from 'react';

const parts = new Set<Part>();

interface Part {
  load: () => Promise<void>;
  isLoaded: () => boolean;
  forgetFailure: () => void;
}

/** The server did not give a file of the app: it is away, or has another version by now. */
export class PartNotLoaded extends Error {}

/** Something that `read` takes from another file. After a failure the same promise fails, until it is forgotten. */
export function lazyFile(read: () => Promise<void>): Part {
  let loading: Promise<void> | undefined;
  let state: 'open' | 'loaded' | 'failed' = 'open';
  const load = () => {
    loading ??= read().then(
      () => {
        state = 'loaded';
      },
      (cause: unknown) => {
        state = 'failed';
        throw new PartNotLoaded(String(cause));
      },
    );
    return loading;
  };
  const forgetFailure = () => {
    if (state !== 'failed') return;
    state = 'open';
    loading = undefined;
  };
  const part = { load, forgetFailure, isLoaded: () => state === 'loaded' };
  parts.add(part);
  return part;
}

/** A component of another file. The router loads it by `preload`; elsewhere it suspends until it is there. */
export function lazyPart<Props extends object, Name extends string>(
  read: () => Promise<{ [name in Name]: ComponentType<Props> }>,
  name: Name,
): ((props: Props) => ReactNode) & { preload: () => Promise<void>; isLoaded: () => boolean } {
  let component: ComponentType<Props> | undefined;
  const file = lazyFile(async () => {
    component = (await read())[name];
  });
  // biome-ignore lint/correctness/noComponentHookFactories: made once for each part, at the start of its module
  function LazyPart(props: Props) {
    // After a failure the same promise throws again, until somebody presses Try again.
    if (!component) use(file.load());
    return component && createElement(component, props);
  }
  LazyPart.preload = () => {
    file.forgetFailure();
    return file.load();
  };
  LazyPart.isLoaded = file.isLoaded;
  return LazyPart;
}

/** Lets the parts that could not be loaded be loaded again. */
export function retryParts(): void {
  for (const part of parts) part.forgetFailure();
}

const patienceMs = 10_000;
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
const rest = () =>
  new Promise(resolve => ('requestIdleCallback' in window ? requestIdleCallback(resolve) : setTimeout(resolve, 1_000)));

let begun = false;

/** Loads all parts, one after the other, whenever the browser has nothing else to do and the page waits for nothing. */
export async function loadPartsAtRest(isWaiting: () => boolean): Promise<void> {
  if (begun) return;
  begun = true;
  for (const part of parts) {
    do await rest();
    while (isWaiting());
    while (!part.isLoaded()) {
      part.forgetFailure();
      // The server is away: a page that needs the part meanwhile shows why.
      await part.load().catch(() => pause(patienceMs));
    }
  }
}
