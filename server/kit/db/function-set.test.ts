// The plan line of a function becomes settings of its header.
import { expect, test } from 'vitest';
import { withPlan } from './function-set.ts';

const header = 'create function f() returns void language plpgsql volatile as $$';

test('the words of a plan line become settings, in their order', () => {
  const settings =
    'set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off ' +
    'set enable_hashjoin = off set enable_mergejoin = off as';
  const text = `-- plan: kept indexed nested\n${header} begin end $$;`;
  expect(withPlan(text)).toBe(text.replace('as', settings));
});

test('a function that inherits its plans, or has no plan line, stays as it is', () => {
  for (const text of [`-- plan: inherited\n${header} begin end $$;`, `${header} begin end $$;`])
    expect(withPlan(text)).toBe(text);
});

test('an unknown word is refused, with the known ones', () => {
  expect(() => withPlan(`-- plan: keept\n${header} begin end $$;`)).toThrow(/"keept" is no word.*kept/);
});
