// For tests: links that nobody may be made to follow: private hosts in every form, malformed links, other schemes.

/** Hosts with private addresses, in every form that some URL parser accepts. */
export const privateHosts = [
  // Loopback.
  ...'127.0.0.1 127.0.0.1. 127.1 127.0.1 127.255.255.254 127.000.000.001 0177.0.0.1 0177.0.0.01 00177.0x0.0.1'.split(
    ' ',
  ),
  ...'0x7f.0.0.1 0x7f.1 0x7F.0X0.0.1 0x7f000001 0x7F000001 0x000000007f000001 2130706433 017700000001'.split(' '),
  ...'0177.1 0x7f.0x1 127.0x0.01.1 127.0.0.0x1 127.65535 127.16777214 %31%32%37.0.0.1 127%2e0%2e0%2e1 127.0.0.%31'.split(
    ' ',
  ),
  ...'１２７.0.0.1 127。0。0。1 127．0．0．1 127｡0｡0｡1 ①②⑦.⓪.⓪.① 𝟙𝟚𝟟.𝟘.𝟘.𝟙 １２７。１ ０ｘ７ｆ.1 ²130706433'.split(' '),
  // This host, and the whole of 0/8.
  ...'0 0.0.0.0 0x0 00 0.0 0.0.0 0.0.0.0. 0.1.2.3 0000.0000.0000.0000 ０'.split(' '),
  // Private networks.
  ...'10.0.0.1 10.255.255.255 10.1 012.0.0.1 0xa.0.0.1 0x0a000001 167772161 10.0x0.0x0.0x1 1０.0.0.1'.split(' '),
  ...'172.16.0.1 172.31.255.255 172.20.1 0254.020.0.1 0xac.0x10.0.1 0xac100001 2886729729'.split(' '),
  ...'192.168.0.1 192.168.1 192.168.255.255 0300.0250.0.1 0xc0.0xa8.0.1 0xc0a80001 3232235521 030052000001'.split(' '),
  // Link-local, and cloud metadata services.
  ...'169.254.169.254 169.254.0.1 169.254.43518 0251.0376.0251.0376 0xa9.0xfe.0xa9.0xfe 0xa9fea9fe 2852039166 025177524776 169.254.170.2'.split(
    ' ',
  ),
  ...'①⑥⑨.②⑤④.①⑥⑨.②⑤④ 169。254。169。254 168.63.129.16 0xa83f8110 100.100.100.200 192.0.0.192'.split(' '),
  // Shared, protocols, examples, benchmarks, relays, multicast, reserved, broadcast.
  ...'100.64.0.1 100.127.255.255 0144.0100.0.1 0x64400001 1681915905 192.0.0.1 192.0.0.8 192.0.0.170 192.0.2.1 198.51.100.7 203.0.113.9'.split(
    ' ',
  ),
  ...'198.18.0.1 198.19.255.255 0306.022.0.1 192.88.99.1 192.31.196.1 192.52.193.1 192.175.48.1'.split(' '),
  ...'224.0.0.1 239.255.255.250 0xe0000001 240.0.0.1 255.255.255.255 0xffffffff 4294967295 037777777777 250.1 255.255'.split(
    ' ',
  ),
  // Version 6: itself, mapped, compatible, translated.
  ...'[::1] [::] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0001] [0::1] [::0.0.0.1] [::0.0.0.0]'.split(
    ' ',
  ),
  ...'[::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:7F00:0001] [0:0:0:0:0:ffff:127.0.0.1] [::ffff:10.0.0.1] [::ffff:a00:1]'.split(
    ' ',
  ),
  ...'[::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [::ffff:192.168.1.1] [::ffff:172.16.0.1] [::ffff:100.64.0.1] [::ffff:0.0.0.0]'.split(
    ' ',
  ),
  ...'[::ffff:8.8.8.8] [::ffff:808:808] [::127.0.0.1] [::7f00:1] [::169.254.169.254] [::8.8.8.8] [::ffff:0:127.0.0.1] [::ffff:0:7f00:1]'.split(
    ' ',
  ),
  ...'[64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe] [64:ff9b::8.8.8.8] [64:ff9b:1::1] [64:ff9b:1::7f00:1] [100::1] [100:0:0:1::1]'.split(
    ' ',
  ),
  ...'[2002:7f00:1::] [2002:7f00:0001::1] [2002:a9fe:a9fe::] [2002:c0a8:101::1] [2002:a00:1::] [2002:808:808::1]'.split(
    ' ',
  ),
  ...'[2001::1] [2001:0:7f00:1::] [2001:0:53aa:64c:0:7fff:f5ff:fffe] [2001:2::1] [2001:10::1] [2001:20::1] [2001:db8::1] [2001:0db8:85a3::8a2e:370:7334] [3fff::1] [3fff:fff::1] [5f00::1] [2620:4f:8000::1]'.split(
    ' ',
  ),
  // Each end of each range.
  ...[
    '0.255.255.255 10.0.0.0 100.64.0.0 127.0.0.0 127.255.255.255 169.254.0.0 169.254.255.255 172.16.0.0 192.0.0.0',
    '192.0.0.255 192.0.2.255 192.168.0.0 198.18.0.0 198.51.100.255 203.0.113.255 224.0.0.0 239.255.255.255 255.255.255.254',
  ].flatMap(line => line.split(' ')),
  // Local, multicast, unassigned.
  ...'[fc00::1] [fd00::1] [fd00:ec2::254] [fdff:ffff::1] [fe80::1] [febf::1] [fec0::1] [feff::1] [ff02::1] [ff0e::1] [FE80::1] [fd20:ce::254]'.split(
    ' ',
  ),
  ...'[4000::1] [8000::1] [a000::1] [c000::1] [e000::1] [1000::1] [200::1] [400::1] [0100::1] [fe00::1] [::2] [::ffff:ffff:ffff]'.split(
    ' ',
  ),
];

/** Names that are valid only inside a network. */
export const privateNames = [
  ...'localhost LOCALHOST localhost. ｌｏｃａｌｈｏｓｔ ⓛocalhost app.localhost a.b.localhost. localhost.localdomain local%68ost'.split(
    ' ',
  ),
  ...'router printer.local nas.lan metadata metadata.google.internal METADATA.google.INTERNAL. ip-10-0-0-1.ec2.internal db.intranet'.split(
    ' ',
  ),
  ...'git.corp files.home box.home.arpa 1.0.0.127.in-addr.arpa x.private kubernetes.default.svc.cluster.local a.test a.invalid a.onion postgres'.split(
    ' ',
  ),
];

export const broken = [
  '',
  ' ',
  'example.com',
  '//example.com/x',
  '/etc/passwd',
  '../../etc/passwd',
  'C:',
  '\\\\example.com\\share',
  'https:',
  'https:/',
  'https://',
  'https:///etc/passwd',
  'https:/example.com/x',
  'https:example.com/x',
  'https:\\\\example.com\\x',
  'https://example.com\\@127.0.0.1/',
  'https:/\\example.com/',
  'https://\\example.com/',
  ' https://example.com/',
  'https://example.com/ ',
  'https://example.com/a b',
  'https://exam\tple.com/',
  'ht\ntps://example.com/',
  'https://example.com/\r\nHost: 127.0.0.1',
  'https://example.com/x\u0000.png',
  'https://example.com/\u007f',
  'https://example.com/\u0085',
  'https://example.com/\u00a0x',
  '\ufeffhttps://example.com/',
  'https://exa mple.com/',
  'https://?x',
  'https://#x',
  'https://[::1',
  'https://::1/',
  'https://[::1]x/',
  'https://[fe80::1%25eth0]/',
  'https://[fe80::1%eth0]/',
  'https://[::1%lo]/',
  'https://[v1.x]/',
  'https://1.2.3.4.5/',
  'https://256.1.1.1/',
  'https://1.2.3.256/',
  'https://0x1ffffffff/',
  'https://08.0.0.1/',
  'https://example.com:99999/',
  'https://example.com:x/',
  'https://exa%00mple.com/',
  'https://exa%2fmple.com/',
  'https://exa<mple.com/',
  `https://example.com/${'a'.repeat(2048)}`,
];

export const otherSchemes = [
  ...'http://example.com/ HTTP://example.com/ file:///etc/passwd file://localhost/etc/passwd file:/etc/passwd ftp://example.com/x'.split(
    ' ',
  ),
  ...'gopher://127.0.0.1:6379/_FLUSHALL data:text/html,x javascript:alert(1) blob:https://example.com/x ws://example.com wss://example.com'.split(
    ' ',
  ),
  ...'dict://127.0.0.1:11211/ ldap://127.0.0.1/ jar:https://example.com!/ tftp://127.0.0.1/x smb://host/share unix:/var/run/docker.sock'.split(
    ' ',
  ),
  ...'about:blank view-source:https://example.com/ mailto:a@example.com tel:123 localhost:3000 C:/windows netdoc:///etc/passwd phar://x php://input'.split(
    ' ',
  ),
];

export const withCredentials = [
  ...'https://user@example.com/ https://user:password@example.com/ https://@example.com/ https://:@example.com/ https://example.com@127.0.0.1/'.split(
    ' ',
  ),
  ...'https://127.0.0.1@example.com/ https://example.com:443@10.0.0.1/ https://example.com%40127.0.0.1@10.0.0.1/ https://a:b@c@example.com/'.split(
    ' ',
  ),
];

/** All of them as links. */
export const rejectedLinks = [
  ...[...privateHosts, ...privateNames].map(host => `https://${host}/hook`),
  ...broken,
  ...otherSchemes,
  ...withCredentials,
];
