// The name of the page in the browser's tab, with the number of unread conversations before it, and before that a word
// while something fires.

let title = '';
let unread = 0;
let alarm: string | undefined;
const most = 99;

function show(): void {
  const number = unread > most ? `${most}+` : String(unread);
  const page = unread > 0 ? `(${number}) ${title}` : title;
  document.title = alarm === undefined ? page : `${alarm} · ${page}`;
}

export function setTitle(next: string): void {
  title = next;
  show();
}

export function setUnreadInTitle(count: number): void {
  unread = count;
  show();
}

/** `word`: what says that something fires; undefined while nothing does. */
export function setAlarmInTitle(word: string | undefined): void {
  alarm = word;
  show();
}
