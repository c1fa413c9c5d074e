// The text of a message: grows with what is written, up to 40 % of the page.
import {
  type KeyboardEvent,
  type Ref,
  type TextareaHTMLAttributes,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from 'react';
import { directionOf } from '../../../components/field.tsx';
import { hotkeyAt } from '../../../kit/hotkeys.ts';

interface Props extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange'> {
  value: string;
  onText: (text: string) => void;
  /** Whether Enter alone sends. */
  enterSends: boolean;
  /** `goesOn`: to the next conversation. */
  onSend: (goesOn: boolean) => void;
  ref?: Ref<HTMLTextAreaElement>;
}

export function TextArea({ value, onText, enterSends, onSend, onKeyDown, ref, ...rest }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => area.current as HTMLTextAreaElement);
  // biome-ignore lint/correctness/useExhaustiveDependencies: its height follows the text
  useLayoutEffect(() => {
    const { current } = area;
    if (!current) return;
    current.style.height = 'auto';
    current.style.height = `${current.scrollHeight}px`;
  }, [value]);

  function press(event: KeyboardEvent<HTMLTextAreaElement>): void {
    onKeyDown?.(event);
    const name = hotkeyAt('writing', event);
    if (event.defaultPrevented || event.nativeEvent.isComposing) return;
    if (name !== 'sendNext' && !(name === 'sendByEnter' && enterSends)) return;
    event.preventDefault();
    // Where Enter begins a new line, the other key is the one that sends.
    onSend(name === 'sendNext' && enterSends);
  }

  return (
    <textarea
      {...rest}
      ref={area}
      rows={1}
      dir={directionOf(value)}
      value={value}
      onChange={({ target }) => onText(target.value)}
      onKeyDown={press}
      className="relative block max-h-[40dvh] min-h-11 w-full resize-none overflow-y-auto bg-transparent px-3.5 pt-2.5 pb-1 text-16/[1.4] text-text outline-none placeholder:text-faint"
    />
  );
}
