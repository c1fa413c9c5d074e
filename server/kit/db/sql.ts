// A template tag for SQL: values become parameters, and fragments can be nested.
export interface Fragment {
  readonly texts: readonly string[];
  readonly values: readonly unknown[];
}

const isFragment = (value: unknown): value is Fragment =>
  typeof value === 'object' && value !== null && 'texts' in value && 'values' in value;

/** An SQL fragment: sql`select * from message where id = ${id}`. Only nested fragments become text. */
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

/** Joins fragments with commas. */
export const join = (fragments: Fragment[]): Fragment => fragments.reduce((left, right) => sql`${left}, ${right}`);

/** Joins conditions with `and`; `true` if there are none. */
export function all(conditions: (Fragment | undefined | false)[]): Fragment {
  const given = conditions.filter(condition => condition !== undefined && condition !== false);
  return given.reduce<Fragment>((left, right) => sql`${left} and ${right}`, sql`true`);
}

/** The text with $1, $2, … and the values, for node-postgres. */
export function toQuery(fragment: Fragment): { text: string; values: unknown[] } {
  const text = fragment.texts.reduce((left, right, index) => `${left}$${index}${right}`);
  return { text, values: [...fragment.values] };
}
