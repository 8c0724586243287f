import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Whether the process has a connection that it opened from this port (Linux). */
export function callsFrom(pid: number | undefined, port: number): boolean {
  if (!pid) return false;
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = readFileSync(`/proc/${pid}/net/tcp`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, address, , , , , , , , inode]) => (address?.endsWith(local) ? [`socket:[${inode}]`] : []));
  return readdirSync(`/proc/${pid}/fd`).some((descriptor) => inodes.includes(linked(`/proc/${pid}/fd/${descriptor}`)));
}

function linked(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}
