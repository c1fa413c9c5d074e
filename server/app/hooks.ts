// The hooks of all features.
import { hooksOf } from '../features/hooks.ts';
import { linkHooks } from '../features/links/index.ts';
import { optOutHooks } from '../features/opt-outs/index.ts';
import { templateHooks } from '../features/templates/index.ts';

export const runHook = hooksOf([templateHooks, linkHooks, optOutHooks]);
