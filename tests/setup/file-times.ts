// Writes how long each test file took, with its hooks and imports, which vitest's JSON report leaves out.
import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import { leftOut } from './turns.ts';

/** One test file: `ms` is its tests, its hooks and its imports together. */
export interface FileTime {
  name: string;
  ms: number;
}

/** Writes `times`, an array of `FileTime`, and the files `leftOut` to `path` when the run ends. */
export class FileTimes implements Reporter {
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const times: FileTime[] = modules.map(module => {
      const { duration, collectDuration, setupDuration } = module.diagnostic();
      return { name: module.moduleId, ms: duration + collectDuration + setupDuration };
    });
    writeFileSync(this.path, JSON.stringify({ times, leftOut }));
  }
}
