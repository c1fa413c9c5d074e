// What is spent, what is expected until the end, and where the alert and the cap are.

interface Props {
  /** In words, as nobody can read the lengths. */
  label: string;
  spent: number;
  /** From and to, at the end. Undefined: not known. */
  expected: readonly [number, number] | undefined;
  alertAt: number | undefined;
  /** The end of the bar. */
  end: number;
}

export function Forecast({ label, spent, expected, alertAt, end }: Props) {
  const share = (value: number) => `${Math.min(1, Math.max(0, end > 0 ? value / end : 0)) * 100}%`;
  return (
    <div role="img" aria-label={label} className="forecast">
      <span className="spent" style={{ width: share(spent) }} />
      {expected && (
        <span
          className="expected"
          style={{ insetInlineStart: share(spent), width: share(Math.max(0, expected[1] - spent)) }}
        />
      )}
      {alertAt !== undefined && <span className="alert-at" style={{ insetInlineStart: share(alertAt) }} />}
    </div>
  );
}
