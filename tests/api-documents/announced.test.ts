// A breaking change passes only where the newest section of the release notes names it.
import { expect, test } from 'vitest';
import { isReleased, unannounced } from './announced.ts';

const changes = [
  { place: 'Message.status', what: 'was removed' },
  { place: 'GET /things', what: 'was removed' },
];
const notes = (text: string) => `# Release notes\n\n## 0.2.0\n\n${text}\n\n## 0.1.0\n\nOlder.\n`;

test('a place in backticks under Breaking changes announces the change', () => {
  const both = notes('**Breaking changes**\n\n- `GET /things` is gone.\n- Read `Message.state`, not `Message.status`.');
  expect(unannounced(changes, both)).toEqual([]);
  expect(unannounced(changes, notes('**Breaking changes**\n\n- `GET /things` is gone.'))).toEqual([changes[0]]);
});

test('nothing else announces it', () => {
  for (const text of [
    'Nothing.',
    '- `GET /things` and `Message.status`',
    '**Breaking changes**\n\n- GET /things is gone, Message.status too, and `Message`.',
    '**Breaking changes**\n\n- None.\n\n**Included**\n\n- `GET /things`, `Message.status`.',
  ])
    expect(unannounced(changes, notes(text))).toEqual(changes);
  const older = '# Release notes\n\n## 0.2.0\n\n## 0.1.0\n\n**Breaking changes**\n\n- `GET /things` `Message.status`\n';
  expect(unannounced(changes, older)).toEqual(changes);
});

test('a version is released once its heading no longer says (unreleased)', () => {
  expect(isReleased('# Release notes\n\n## 0.2.0 (unreleased)\n\n## 0.1.0\n')).toBe(false);
  expect(isReleased('# Release notes\n\n## 0.2.0\n\n(unreleased)\n\n## 0.1.0 (unreleased)\n')).toBe(true);
});
