// How complex the body of a webhook may be that Recado parses.
import type { JsonLimits } from '../../kit/text/json-excess.ts';

/**
 * A body of 1,000 updates of Meta has some 25,000 values. Parsing stops the event loop, and each value may be an item, so
 * a body beyond these limits is kept whole.
 */
export const bodyLimits: JsonLimits = { values: 50_000, fields: 10_000, levels: 50 };
