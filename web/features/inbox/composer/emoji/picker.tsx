// A small choice of emoji; the system's own picker has all.
import * as Popover from '@radix-ui/react-popover';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

const split = (text: string) => text.split(' ');
const groups = {
  people:
    '😀 😃 😄 😁 😅 😂 🙂 😉 😊 😇 🥰 😍 😘 😋 😎 🤗 🤔 😐 😏 🙄 😬 😌 😴 🤒 🥳 😕 🙁 😮 😳 🥺 😢 😭 😤 😡 🤝 👍 👎 👌 ✌️ 🤞 👋 🙏 👏 💪 🙌 👀 💬',
  things:
    '❤️ 🧡 💛 💚 💙 💜 🖤 💔 💯 ✨ 🔥 ⭐ 🎉 🎁 🎂 🎈 🏆 📦 🚚 🛒 💳 💶 🧾 📄 📎 📅 ⏰ 📍 📞 📱 💻 🔑 🔒 🔧 💡 📣 🔔 ✉️ 📷 🎧',
  world: '☀️ 🌤️ ☁️ 🌧️ ❄️ 🌈 🌙 🌹 🌻 🌿 🐶 🐱 ☕ 🍕 🍔 🥗 🍰 🍎 🍺 🍷 ⚽ 🚗 ✈️ 🏠 🏖️',
  signs: '✅ ❌ ⚠️ ❗ ❓ ℹ️ ➡️ ⬅️ ⬆️ ⬇️ 🔴 🟠 🟡 🟢 🔵 ⚫ ♻️ 🆗 🆕 🆓 1️⃣ 2️⃣ 3️⃣ 4️⃣ 5️⃣',
} as const;
const groupNames = Object.keys(groups) as (keyof typeof groups)[];

const key = 'recado.emoji';
const mostRecent = 16;
const recent = (): string[] => split(localStorage.getItem(key) ?? '').filter(Boolean);
const remember = (emoji: string) =>
  localStorage.setItem(key, [emoji, ...recent().filter(each => each !== emoji)].slice(0, mostRecent).join(' '));

interface Props {
  trigger: ReactNode;
  onPick: (emoji: string) => void;
  onClose: () => void;
}

const columns = 8;

/** Arrows move through all emoji. */
function move(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const isSideways = Math.abs(step) === 1 && getComputedStyle(event.currentTarget).direction === 'rtl';
  buttons[buttons.indexOf(document.activeElement as HTMLElement) + (isSideways ? -step : step)]?.focus();
  event.preventDefault();
}

export function EmojiPicker({ trigger, onPick, onClose }: Props) {
  const { t } = useTranslation();
  const [before] = useState(recent);
  const isPicked = useRef(false);
  const pick = (emoji: string) => {
    remember(emoji);
    isPicked.current = true;
    onClose();
    onPick(emoji);
  };
  const rows = (emoji: readonly string[]) => (
    <div className="grid grid-cols-8">
      {emoji.map(each => (
        <button
          key={each}
          type="button"
          onClick={() => pick(each)}
          className="grid size-8 place-items-center rounded-control text-20 hover:bg-hover"
        >
          {each}
        </button>
      ))}
    </div>
  );
  const section = (title: string, emoji: readonly string[]) => (
    <section key={title} aria-label={title}>
      <h3 className="px-1 pt-1.5 pb-1 text-12 font-medium text-faint">{title}</h3>
      {rows(emoji)}
    </section>
  );
  return (
    <Popover.Root open onOpenChange={open => !open && onClose()}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('composer.emoji.title')}
          onKeyDown={move}
          // The text gets the focus, where the emoji is written.
          onCloseAutoFocus={event => isPicked.current && event.preventDefault()}
          className="z-(--z-menu) max-h-72 overflow-y-auto rounded-card bg-raised p-2 shadow-float"
        >
          {before.length > 0 && section(t('composer.emoji.recent'), before)}
          {groupNames.map(name => section(t(`composer.emoji.group.${name}`), split(groups[name])))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
