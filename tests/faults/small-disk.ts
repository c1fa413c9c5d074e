// A small disk: a tmpfs that can be filled and cleared.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmdirSync, rmSync, statfsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MiB = 1024 * 1024;

export interface SmallDisk {
  path: string;
  /** The free bytes. */
  free(): number;
  /** Takes space with its own file until only `leave` bytes are free. */
  fill(leave: number): Promise<void>;
  /** Frees what `fill` took. */
  clear(): void;
  /** Unmounts the disk; its users have ended. */
  close(): void;
}

/** Mounts a disk of this size in MiB. Needs root; otherwise the mount fails. */
export function mountSmallDisk(size: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'recado-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m,mode=711`, 'recado-faults', path], { stdio: 'pipe' });
  } catch (error) {
    rmdirSync(path);
    throw error;
  }
  chmodSync(path, 0o711);
  const filler = join(path, 'filler');
  const free = () => {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  };
  return {
    path,
    free,
    async fill(leave) {
      const file = await open(filler, 'a');
      try {
        // Others write meanwhile, so check the free space before each piece.
        for (let left = free() - leave; left > 0; left = free() - leave) {
          const wrote = await file.write(Buffer.alloc(Math.min(left, MiB))).catch((error: NodeJS.ErrnoException) => {
            if (error.code === 'ENOSPC') return undefined;
            throw error;
          });
          if (!wrote) return;
        }
      } finally {
        await file.close();
      }
    },
    clear: () => rmSync(filler, { force: true }),
    close() {
      execFileSync('umount', ['--lazy', path], { stdio: 'pipe' });
      rmdirSync(path);
    },
  };
}

/** Why there can be no small disk here; undefined if there can. */
function findReason(): string | undefined {
  try {
    mountSmallDisk(1).close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error);
  }
}

/** Why this machine cannot mount a test disk; undefined if it can. CI must be able to. */
export const noSmallDisk = findReason();
if (noSmallDisk) console.info(`No disk can be filled here, as none can be mounted: ${noSmallDisk}`);
if (noSmallDisk && process.env.CI)
  throw new Error(`a tmpfs cannot be mounted, and CI runs every test: run it as root (${noSmallDisk})`);
