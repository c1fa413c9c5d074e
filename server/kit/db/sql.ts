// SQL as SQL: a tag that turns the values of a template into parameters, and can hold other such fragments.
export interface Fragment {
  readonly texts: readonly string[];
  readonly values: readonly unknown[];
}

const isFragment = (value: unknown): value is Fragment =>
  typeof value === 'object' && value !== null && 'texts' in value && 'values' in value;

/** A piece of SQL: sql`select * from message where id = ${id}`. Only other fragments are put in as text. */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Fragment {
  const texts: string[] = [strings[0] ?? ''];
  const flat: unknown[] = [];
  const append = (text: string) => {
    texts[texts.length - 1] = `${texts.at(-1)}${text}`;
  };
  values.forEach((value, index) => {
    const after = strings[index + 1] ?? '';
    if (isFragment(value)) {
      append(value.texts[0] ?? '');
      for (let place = 0; place < value.values.length; place++) {
        flat.push(value.values[place]);
        texts.push(value.texts[place + 1] ?? '');
      }
      append(after);
    } else {
      flat.push(value);
      texts.push(after);
    }
  });
  return { texts, values: flat };
}

/** Fragments with commas between. */
export const join = (fragments: Fragment[]): Fragment => fragments.reduce((left, right) => sql`${left}, ${right}`);

/** Conditions joined by `and`; `true` where there are none. */
export function all(conditions: (Fragment | undefined | false)[]): Fragment {
  const given = conditions.filter(condition => condition !== undefined && condition !== false);
  return given.reduce<Fragment>((left, right) => sql`${left} and ${right}`, sql`true`);
}

/** The text with $1, $2, … and the values, as node-postgres takes them. */
export function toQuery(fragment: Fragment): { text: string; values: unknown[] } {
  const text = fragment.texts.reduce((left, right, index) => `${left}$${index}${right}`);
  return { text, values: [...fragment.values] };
}
