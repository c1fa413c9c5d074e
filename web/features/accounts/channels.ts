// How the app draws each channel.
import type { Account } from '@recado/client';
import { Cloud, type LucideIcon, QrCode, Smartphone } from 'lucide-react';

export const channelIcons: Record<Account['channel'], LucideIcon> = {
  sandbox: Smartphone,
  cloud: Cloud,
  web: QrCode,
};
