// Forms: values as texts, and the errors of the last answer by field.
import { ApiError } from '@recado/client';
import { type ChangeEvent, type FormEvent, useRef, useState } from 'react';
import { useErrorWords } from './use-action.ts';

interface Options<Values> {
  start: Values;
  /** Sends it. @throws RecadoError */
  send: (values: Values) => Promise<void>;
  /** What is wrong before it is sent, by field. */
  check?: (values: Values) => Partial<Record<keyof Values, string>>;
}

/** A form that keeps its values, sends once at a time, and puts the focus into the first wrong field. */
export function useForm<Values extends Record<string, string>>({ start, send, check }: Options<Values>) {
  const [values, setValues] = useState(start);
  const [errors, setErrors] = useState<Partial<Record<keyof Values | 'form', string>>>({});
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const inWords = useErrorWords();

  function show(found: Partial<Record<keyof Values | 'form', string>>): void {
    setErrors(found);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
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
    } catch (failure) {
      setError(failure);
      const known = failure instanceof ApiError ? knownFields(fieldErrors(failure), values) : {};
      show(
        Object.keys(known).length > 0
          ? known
          : ({ form: inWords(failure) } as Partial<Record<keyof Values | 'form', string>>),
      );
    } finally {
      setBusy(false);
    }
  }

  return {
    values,
    errors,
    /** The last failure itself. */
    error,
    busy,
    set: (name: keyof Values, value: string) => setValues(before => ({ ...before, [name]: value })),
    form: { ref: form, onSubmit: submit, noValidate: true },
    /** What an input of this name needs. */
    input: (name: keyof Values & string) => ({
      name,
      value: values[name] ?? '',
      onChange: ({ target }: ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>) =>
        setValues(before => ({ ...before, [name]: target.value })),
    }),
  };
}

/** What the server says about each invalid field, by its path. */
const fieldErrors = ({ errors }: ApiError): Record<string, string> =>
  Object.fromEntries(errors.map(({ field, message }) => [field, message]));

const knownFields = <Values extends Record<string, string>>(fields: Record<string, string>, values: Values) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => name in values)) as Partial<
    Record<keyof Values, string>
  >;
