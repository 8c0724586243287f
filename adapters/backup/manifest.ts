import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something that the user can set right. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** What a backup says of itself, in `manifest.json`. Under `data` lies the copy of PostgreSQL's folder. */
export interface Manifest {
  /** Rises when an older version could not restore it. */
  format: number;
  /** Major version of PostgreSQL. */
  postgres: string;
  /** ISO 8601. All that was committed before it is in the backup. */
  at: string;
  /** Paths under `data`, also of those that are empty. */
  folders: string[];
  /** By the path under `data`. */
  files: Record<string, { size: number; sha256: string }>;
}

export const format = 1;
export const manifestFile = (folder: string): string => join(folder, 'manifest.json');

/** The manifest of a backup that this version can restore. */
export function manifestOf(folder: string): Manifest {
  if (!existsSync(folder)) throw new BackupError(`${folder} does not exist`);
  if (!existsSync(manifestFile(folder))) throw new BackupError(`${folder} is not a backup: it has no manifest.json`);
  const manifest = parsed(readFileSync(manifestFile(folder), 'utf8'));
  if (typeof manifest?.format !== 'number' || typeof manifest.files !== 'object' || !Array.isArray(manifest.folders))
    throw new BackupError(`${manifestFile(folder)} cannot be read: take another backup`);
  if (manifest.format > format)
    throw new BackupError(
      `${folder} was made by a newer version (format ${manifest.format}; this one reads ${format}): restore it with that version`,
    );
  return manifest as Manifest;
}

function parsed(text: string): Partial<Manifest> | undefined {
  try {
    return JSON.parse(text) as Partial<Manifest>;
  } catch {
    return undefined;
  }
}
