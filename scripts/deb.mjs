// `npm run deb [-- FOLDER]`: builds a Debian package with Recado, its packages, the units of systemd and all notices.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildIfNeeded, root } from './build-if-needed.mjs';
import { noticesText } from './notices.mjs';

/** What runs, as in deploy/Dockerfile. */
const folders = ['contract', 'simulator', 'channels', 'server', 'cli', 'sdk', 'web/dist'];
const units = ['recado.service', 'recado-backup.service', 'recado-backup.timer'];
const architectures = { x64: 'amd64', arm64: 'arm64' };

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const architecture = architectures[process.arch];
if (architecture === undefined) throw new Error(`there is no Debian package for ${process.arch}`);

const control = `Package: recado
Version: ${version}
Architecture: ${architecture}
Maintainer: Recado
Section: net
Priority: optional
Depends: nodejs (>= 20.19), adduser
Recommends: ffmpeg
Description: self-hosted WhatsApp messaging platform
 Recado loses no accepted message and tells what became of each. It brings its
 own PostgreSQL. The settings are in /etc/recado/env.
`;

/** As the guide of systemd has it. The service starts when somebody enables it: first come the settings. */
const afterInstall = `#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
getent passwd recado >/dev/null || adduser --system --group --no-create-home --home /var/lib/recado recado
install -d -o recado -g recado -m 700 /var/lib/recado /var/backups/recado
install -d -m 750 -g recado /etc/recado
if [ ! -e /etc/recado/env ]; then
  (umask 027; echo DATA_DIR=/var/lib/recado > /etc/recado/env; chgrp recado /etc/recado/env)
fi
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl try-restart recado
  [ -n "$2" ] || echo 'Write the settings into /etc/recado/env, then: systemctl enable --now recado recado-backup.timer'
fi
`;

/** An upgrade restarts it afterwards. The data stays, also when the package is purged. */
const beforeRemoval = `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  systemctl disable --now recado recado-backup.timer
fi
`;

/** Sources and their tests are of no use without the tools that build them. */
const isShipped = path =>
  !/\/(node_modules\/\.cache|tests|fake)(\/|$)|\.tsbuildinfo$|\.map$/.test(path) &&
  (/\.d\.[cm]?ts$/.test(path) || !/\.tsx?$/.test(path));

buildIfNeeded();
const place = resolve(process.argv[2] ?? '.');
const stage = mkdtempSync(join(tmpdir(), 'recado-deb-'));
try {
  const app = join(stage, 'opt/recado');
  mkdirSync(app, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', 'LICENSE', 'RELEASE_NOTES.md'])
    cpSync(join(root, file), join(app, file));
  for (const folder of folders)
    cpSync(join(root, folder), join(app, folder), {
      recursive: true,
      filter: source => isShipped(source.slice(root.length)),
    });
  cpSync(join(root, 'web/package.json'), join(app, 'web/package.json'));
  cpSync(join(root, 'node_modules'), join(app, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  const quietly = { cwd: app, stdio: ['ignore', 'ignore', 'inherit'] };
  execFileSync('npm', ['prune', '--omit=dev', '--ignore-scripts', '--offline', '--no-audit', '--no-fund'], quietly);
  rmSync(join(app, 'package-lock.json'));
  writeFileSync(join(app, 'THIRD_PARTY_NOTICES'), noticesText());
  mkdirSync(join(stage, 'usr/lib/systemd/system'), { recursive: true });
  for (const unit of units) cpSync(join(root, 'deploy', unit), join(stage, 'usr/lib/systemd/system', unit));
  mkdirSync(join(stage, 'DEBIAN'));
  writeFileSync(join(stage, 'DEBIAN/control'), control);
  for (const [name, text] of Object.entries({ postinst: afterInstall, prerm: beforeRemoval })) {
    writeFileSync(join(stage, 'DEBIAN', name), text);
    chmodSync(join(stage, 'DEBIAN', name), 0o755);
  }
  // Made under any umask, every user may read it.
  execFileSync('chmod', ['-R', 'u+rwX,go+rX,go-w', stage]);
  const file = join(place, `recado_${version}_${architecture}.deb`);
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '-z1', '--build', stage, file], { stdio: 'inherit' });
  console.log(file);
} finally {
  rmSync(stage, { recursive: true, force: true });
}
