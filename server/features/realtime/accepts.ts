// Whether a client takes a media type, by its header Accept (RFC 9110).

/** How specific a range is for a type; undefined where it does not contain it. */
function specificity(range: string, type: string): number | undefined {
  if (range === type) return 3;
  if (range === `${type.split('/')[0]}/*`) return 2;
  return range === '*/*' ? 1 : undefined;
}

/** Whether `Accept` allows a media type. A missing header allows all; the most specific range decides. */
export function accepts(header: string | undefined, type: string): boolean {
  if (header === undefined || header.trim() === '') return true;
  let best = { level: 0, isAllowed: false };
  for (const part of header.split(',')) {
    const [range = '', ...parameters] = part.split(';').map(each => each.trim().toLowerCase());
    const level = specificity(range, type);
    if (level === undefined || level < best.level) continue;
    best = { level, isAllowed: !parameters.some(each => /^q=0(\.0*)?$/.test(each)) };
  }
  return best.isAllowed;
}
