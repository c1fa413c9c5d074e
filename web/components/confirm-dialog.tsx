// Asks before something that goes far: the title is the question, the buttons say what happens.
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

interface Props {
  title: string;
  /** What closing it means. */
  keep: string;
  /** What happens, in a verb. */
  confirm: string;
  onConfirm: () => void;
  onClose: () => void;
  busy: boolean;
  /** It begins something and ends nothing. */
  isHarmless?: boolean;
  /** Why it cannot happen now. */
  impossible?: string | undefined;
  /** What follows from it. */
  children: ReactNode;
}

export function ConfirmDialog(props: Props) {
  const { title, keep, confirm, onConfirm, onClose, busy, isHarmless = false, impossible, children } = props;
  const footer = (
    <>
      <Button kind="line" onClick={onClose}>
        {keep}
      </Button>
      <Button kind={isHarmless ? 'primary' : 'danger-solid'} busy={busy} impossible={impossible} onClick={onConfirm}>
        {confirm}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} title={title} footer={footer}>
      {children}
    </Dialog>
  );
}
