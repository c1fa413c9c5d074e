// A text whose digits tick: the eyes see each of them, a screen reader hears it once.
import { type ReactNode, useState } from 'react';

const withoutDigits = (text: ReactNode) => (typeof text === 'string' ? text.replaceAll(/\d/gu, '') : text);

/** The text itself, or the first one of a series that differs in its digits only: a countdown is said once. */
function useSaidOnce(text: ReactNode): ReactNode {
  const [said, setSaid] = useState(text);
  if (withoutDigits(said) === withoutDigits(text)) return said;
  setSaid(text);
  return text;
}

/** A text within an alert. */
export function Said({ text }: { text: ReactNode }) {
  const said = useSaidOnce(text);
  return (
    <>
      {said !== text && <span className="sr-only">{said}</span>}
      <span aria-hidden={said === text ? undefined : true}>{text}</span>
    </>
  );
}
