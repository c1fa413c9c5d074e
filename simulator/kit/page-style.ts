// The colours and the type of the simulator's pages, light and dark.

/** CSS variables; the names say the purpose. */
export const tokens = `
:root {
  color-scheme: light dark;
  --font: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif, "Noto Color Emoji";
  --canvas: #f5f6f9; --surface: #fff; --sunken: #eef0f4; --hover: #f0f2f6; --selected: #e9edfc;
  --border: #e0e4eb; --border-strong: #808899;
  --text: #151a26; --muted: #4e5768; --faint: #626b7c;
  --accent: #3646b4; --accent-hover: #2b3994; --accent-text: #3242ab; --accent-soft: #e9edfc; --on-accent: #fff;
  --danger: #ad1f2d; --danger-soft: #fdeaeb;
  --own: #dfe5fb; --own-line: #b9c3ef; --own-meta: #4d5676;
  --tick: #232e80;
}
@media (prefers-color-scheme: dark) {
  :root {
    --canvas: #0d1016; --surface: #13171f; --sunken: #0a0c11; --hover: #1b202b; --selected: #1e2647;
    --border: #252b38; --border-strong: #6f788b;
    --text: #e9ecf3; --muted: #aab2c2; --faint: #8c95a7;
    --accent: #5364d8; --accent-hover: #5c6cdd; --accent-text: #a5b1fa; --accent-soft: #1f2748; --on-accent: #fff;
    --danger: #ff9a9f; --danger-soft: #3b1a20;
    --own: #2a356b; --own-line: #4a589c; --own-meta: #b6c0ea;
    --tick: #c3ccff;
  }
}`;
