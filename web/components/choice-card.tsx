// One of few ways to go on, as a card with an icon, a title and a sentence.
import type { LucideIcon } from 'lucide-react';
import { cx } from '../kit/class-names.ts';

interface Props {
  /** Cards of one name are alternatives. */
  name: string;
  icon: LucideIcon;
  title: string;
  words: string;
  chosen: boolean;
  onChoose: () => void;
}

export const ChoiceCard = ({ name, icon: Icon, title, words, chosen, onChoose }: Props) => (
  <label
    className={cx(
      'flex cursor-pointer gap-3 rounded-card border px-4 py-3.5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
      chosen
        ? 'border-accent-line bg-accent-soft shadow-[inset_0_0_0_1px_var(--accent-line)]'
        : 'border-line/40 bg-surface',
    )}
  >
    <input type="radio" name={name} className="sr-only" checked={chosen} onChange={onChoose} />
    <Icon
      size={20}
      strokeWidth={1.6}
      aria-hidden="true"
      className={cx('mt-px flex-none', chosen ? 'text-accent-text' : 'text-muted')}
    />
    <span>
      <b className="block font-strong">{title}</b>
      <span className="text-13 text-muted">{words}</span>
    </span>
  </label>
);
