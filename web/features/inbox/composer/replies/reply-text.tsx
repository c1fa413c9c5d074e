// The text of a saved reply in one conversation.
import type { FilledPart } from '@recado/contract';
import { cx } from '../../../../kit/class-names.ts';
import { useVariableName } from './words.ts';

/** A text whose variables are marked: what they say, or in amber that they say nothing. */
export function ReplyText({ parts }: { parts: readonly FilledPart[] }) {
  const nameOf = useVariableName();
  return parts.map(({ text, variable, isEmpty }, index) =>
    variable === undefined ? (
      text
    ) : (
      <span
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have nothing else
        key={index}
        className={cx(
          'rounded-badge border px-1 font-medium',
          isEmpty
            ? 'border-warning bg-warning-soft text-warning'
            : 'border-accent-line/40 bg-accent-soft text-accent-text',
        )}
      >
        {isEmpty ? nameOf(variable) : text}
      </span>
    ),
  );
}
