// The keys of the app. A key works only if it is in this list, and the `?` sheet shows the whole list.
import { type KeyboardEvent as ReactKeyboardEvent, useEffect, useRef } from 'react';

/** Where a key works: in every page; in the inbox; in its list; at a message; while somebody writes; in a table. */
export const hotkeyPlaces = ['everywhere', 'inbox', 'list', 'message', 'writing', 'table'] as const;
export type HotkeyPlace = (typeof hotkeyPlaces)[number];

interface Hotkey {
  /** The name of the key, such as `k`, `mod+k`, or `g i` for two in a row. `mod` is Ctrl or ⌘. */
  press: string;
  where: HotkeyPlace;
}

export const hotkeys = {
  palette: { press: 'mod+k', where: 'everywhere' },
  help: { press: '?', where: 'everywhere' },
  goInbox: { press: 'g i', where: 'everywhere' },
  goOverview: { press: 'g o', where: 'everywhere' },
  goQueue: { press: 'g q', where: 'everywhere' },
  goCampaigns: { press: 'g c', where: 'everywhere' },
  goTemplates: { press: 'g t', where: 'everywhere' },
  goContacts: { press: 'g p', where: 'everywhere' },
  goAccounts: { press: 'g a', where: 'everywhere' },
  goAlerts: { press: 'g l', where: 'everywhere' },
  goNotifications: { press: 'g n', where: 'everywhere' },
  goDevelopers: { press: 'g d', where: 'everywhere' },
  goSettings: { press: 'g s', where: 'everywhere' },
  fold: { press: '[', where: 'everywhere' },
  panes: { press: 'F6', where: 'everywhere' },
  panesBack: { press: 'Shift+F6', where: 'everywhere' },
  close: { press: 'Escape', where: 'everywhere' },
  search: { press: '/', where: 'inbox' },
  next: { press: 'j', where: 'inbox' },
  previous: { press: 'k', where: 'inbox' },
  nextOfView: { press: ']', where: 'inbox' },
  previousOfView: { press: '[', where: 'inbox' },
  write: { press: 'c', where: 'inbox' },
  markRead: { press: 'e', where: 'inbox' },
  markUnread: { press: 'u', where: 'inbox' },
  assign: { press: 'a', where: 'inbox' },
  assignToMe: { press: 'a m', where: 'inbox' },
  label: { press: 'l', where: 'inbox' },
  note: { press: 'n', where: 'inbox' },
  snooze: { press: 'h', where: 'inbox' },
  closeConversation: { press: 'Shift+e', where: 'inbox' },
  conversationBefore: { press: 'ArrowUp', where: 'list' },
  conversationAfter: { press: 'ArrowDown', where: 'list' },
  firstConversation: { press: 'Home', where: 'list' },
  lastConversation: { press: 'End', where: 'list' },
  pick: { press: 'x', where: 'list' },
  openConversation: { press: 'Enter', where: 'list' },
  messageBefore: { press: 'ArrowUp', where: 'message' },
  messageAfter: { press: 'ArrowDown', where: 'message' },
  reply: { press: 'r', where: 'message' },
  react: { press: ':', where: 'message' },
  details: { press: 'i', where: 'message' },
  sendByEnter: { press: 'Enter', where: 'writing' },
  // One key: it goes on only where Enter alone sends.
  sendNext: { press: 'mod+Enter', where: 'writing' },
  send: { press: 'mod+Enter', where: 'writing' },
  sendClose: { press: 'mod+Shift+Enter', where: 'writing' },
  newLine: { press: 'Shift+Enter', where: 'writing' },
  toList: { press: 'Escape', where: 'writing' },
  rowNext: { press: 'j', where: 'table' },
  rowPrevious: { press: 'k', where: 'table' },
  rowBefore: { press: 'ArrowUp', where: 'table' },
  rowAfter: { press: 'ArrowDown', where: 'table' },
  openRow: { press: 'Enter', where: 'table' },
  select: { press: 'x', where: 'table' },
  selectTo: { press: 'Shift+x', where: 'table' },
} as const satisfies Record<string, Hotkey>;

export type HotkeyName = keyof typeof hotkeys;
type NameIn<Place extends HotkeyPlace> = {
  [Name in HotkeyName]: (typeof hotkeys)[Name]['where'] extends Place ? Name : never;
}[HotkeyName];

const names = Object.keys(hotkeys) as HotkeyName[];
/** The keys that work at a place, in the order of the list. */
export const hotkeysAt = (where: HotkeyPlace): HotkeyName[] => names.filter(name => hotkeys[name].where === where);

type AnyKeyboardEvent = Pick<KeyboardEvent | ReactKeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'altKey' | 'shiftKey'>;

function pressOf({ key, metaKey, ctrlKey, shiftKey }: AnyKeyboardEvent): string {
  // The sign of a key such as `?` says already that Shift is held.
  const isShifted = shiftKey && (key.length > 1 || /\p{L}/u.test(key));
  const name = key.length > 1 ? key : key.toLowerCase();
  return `${metaKey || ctrlKey ? 'mod+' : ''}${isShifted ? 'Shift+' : ''}${name}`;
}

/** The key of a place that was pressed. */
export function hotkeyAt<Place extends HotkeyPlace>(where: Place, event: AnyKeyboardEvent): NameIn<Place> | undefined {
  if (event.altKey) return undefined;
  const press = pressOf(event);
  return hotkeysAt(where).find((name): name is NameIn<Place> => hotkeys[name].press === press);
}

/** The key that sends in any case. */
export const modName = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '') ? '⌘' : 'Ctrl';
const shown: Record<string, string> = { mod: modName, ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', Shift: '⇧' };

/** How a key is written: "⌘", "K". */
export const keycapsOf = (name: HotkeyName): string[] =>
  hotkeys[name].press.split(/[ +]/).map(part => shown[part] ?? (part.length === 1 ? part.toUpperCase() : part));

const sequenceMs = 1200;
/** What has keys of its own. */
const modal = '[role="dialog"], [role="menu"]';
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type="checkbox"], [type="radio"]), textarea, select'));

/** Listens while the component is shown. Letters do nothing while somebody types, and no key while a dialog is open. */
export function useHotkeys(acts: { [name in HotkeyName]?: (() => void) | undefined }): void {
  // The first key of a sequence outlasts a render.
  const last = useRef({ press: '', at: 0 });
  useEffect(() => {
    const byPress = new Map<string, () => void>();
    for (const name of names) {
      const act = acts[name];
      if (act) byPress.set(hotkeys[name].press, act);
    }
    const listen = (event: KeyboardEvent) => {
      const mod = event.metaKey || event.ctrlKey;
      const isLetter = event.key.length === 1;
      const isFree = !(isLetter && isTyping(event.target)) && document.querySelector(modal) === null;
      if (event.altKey || event.isComposing || (!mod && !isFree)) return;
      const press = pressOf(event);
      const { press: before, at } = last.current;
      const sequence = before !== '' && event.timeStamp - at < sequenceMs ? `${before} ${press}` : press;
      const act = byPress.get(sequence) ?? byPress.get(press);
      last.current = { press: act ? '' : press, at: event.timeStamp };
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  });
}
