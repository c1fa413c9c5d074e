// The name of the page in the browser's tab, with the number of unread conversations before it.

let title = '';
let unread = 0;
const most = 99;

const show = () => {
  const number = unread > most ? `${most}+` : String(unread);
  document.title = unread > 0 ? `(${number}) ${title}` : title;
};

export function setTitle(next: string): void {
  title = next;
  show();
}

export function setUnreadInTitle(count: number): void {
  unread = count;
  show();
}
