// Forms: values as texts, and the errors of the last answer by field.
import { ApiError } from '@recado/client';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { errorsAtRest } from './field-errors.ts';
import { useErrorWords } from './use-action.ts';
import { useSecondsLeft } from './use-seconds-left.ts';
import { useSettled } from './use-settled.ts';

interface Options<Values> {
  start: Values;
  /** Sends it. @throws RecadoError */
  send: (values: Values) => Promise<void>;
  /** What is wrong before it is sent, by field. */
  check?: (values: Values) => Partial<Record<keyof Values, string>>;
  /** Fields that are checked while somebody types, before the form was ever sent. */
  eager?: readonly (keyof Values & string)[];
  /** Our fields by the paths of the API, where they differ. */
  fields?: Partial<Record<string, keyof Values & string>>;
}

type Errors<Values> = Partial<Record<keyof Values | 'form', string>>;

/**
 * A form that keeps its values, sends once at a time, and puts the focus into the first wrong field.
 * A field that has had an error is checked again when its value rests.
 */
export function useForm<Values extends Record<string, string>>(options: Options<Values>) {
  const { start, send, check, eager = [], fields = {} } = options;
  const [values, setValues] = useState(start);
  const [saved, setSaved] = useState(start);
  const [errors, setErrors] = useState<Errors<Values>>({});
  const [error, setError] = useState<unknown>();
  const [failedAt, setFailedAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const inWords = useErrorWords();
  const watched = useRef(new Set<string>());
  const rejected = useRef<Values>(undefined);
  const eagerFields = useRef(eager);

  // The check may read more than the values: a change of its answer counts as one.
  const [found, setFound] = useState(() => JSON.stringify([start, {}]));
  useEffect(() => setFound(JSON.stringify([values, check?.(values) ?? {}])));
  const rested = useSettled(found);
  const last = useRef(start);
  useEffect(() => {
    const [typed, wrong] = JSON.parse(rested) as [Values, Errors<Values>];
    for (const name of eagerFields.current) if (last.current[name] !== typed[name]) watched.current.add(name);
    last.current = typed;
    setErrors(errors => {
      const before = { errors, watched: watched.current, rejected: rejected.current };
      return errorsAtRest(before, typed, wrong) as Errors<Values>;
    });
  }, [rested]);

  function show(found: Errors<Values>, answered?: Values): void {
    rejected.current = answered;
    for (const name of Object.keys(found)) watched.current.add(name);
    setErrors(found);
    requestAnimationFrame(() => element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const wrong = check?.(values) ?? {};
    if (Object.keys(wrong).length > 0) return show(wrong);
    setBusy(true);
    setErrors({});
    setError(undefined);
    try {
      await send(values);
      setSaved(values);
    } catch (failure) {
      setError(failure);
      setFailedAt(Date.now());
      const known = failure instanceof ApiError ? knownFields(fieldErrors(failure, fields), values) : {};
      show(Object.keys(known).length > 0 ? known : ({ form: inWords(failure) } as Errors<Values>), values);
    } finally {
      setBusy(false);
    }
  }

  // A pause that the server asks for ticks down, and its error goes when it is over.
  const pause = error instanceof ApiError ? error.retryAfter : undefined;
  const left = useSecondsLeft(pause === undefined ? undefined : failedAt + pause * 1_000);
  const failure = left === 0 ? undefined : inWords(error, left);
  const shown = { ...errors, ...(errors.form !== undefined && { form: failure }) };

  return {
    values,
    errors: shown as Errors<Values>,
    /** The last failure itself. */
    error,
    busy,
    /** Whether something is typed that was not sent. */
    isChanged: Object.keys(values).some(name => values[name]?.trim() !== saved[name]?.trim()),
    set: (name: keyof Values, value: string) => setValues(before => ({ ...before, [name]: value })),
    setAll: setValues,
    form: { ref: element, onSubmit: submit, noValidate: true },
    /** What an input of this name needs. */
    input: (name: keyof Values & string) => ({
      name,
      value: values[name] ?? '',
      onChange: ({ target }: { target: { value: string } }) =>
        setValues(before => ({ ...before, [name]: target.value })),
    }),
  };
}

/** The text of the server for each invalid field. */
const fieldErrors = ({ errors }: ApiError, fields: Partial<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(errors.map(({ field, message }) => [fields[field] ?? field, message]));

const knownFields = <Values extends Record<string, string>>(fields: Record<string, string>, values: Values) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => name in values)) as Partial<
    Record<keyof Values, string>
  >;
