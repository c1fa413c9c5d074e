// Which error texts of a form still hold once somebody has typed on.

export type Texts = Partial<Record<string, string>>;

interface Before {
  /** The errors on the screen. */
  errors: Texts;
  /** The fields that have had an error, or are checked while somebody types. */
  watched: ReadonlySet<string>;
  /** The values that the server rejected; undefined where its answer is not what is shown. */
  rejected: Texts | undefined;
}

/** The errors once the values rest: the errors of the form's own check, and the server's errors for unchanged values. */
export function errorsAtRest({ errors, watched, rejected }: Before, values: Texts, found: Texts): Texts {
  const isAsRejected = (name: string) => rejected !== undefined && rejected[name] === values[name];
  const kept = Object.entries(errors).filter(([name]) =>
    name === 'form' ? Object.keys(values).every(isAsRejected) : isAsRejected(name),
  );
  const again = Object.entries(found).filter(([name]) => watched.has(name));
  return Object.fromEntries([...kept, ...again]);
}
