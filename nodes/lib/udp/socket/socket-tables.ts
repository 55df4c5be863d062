import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The kernel's tables of UDP sockets, as `/proc/net/udp` and `/proc/net/udp6` show them: proc(5). */
export interface SocketTables {
  /** @returns the table as text, or `undefined` where it cannot be read */
  read(table: "udp" | "udp6"): string | undefined;
  /** The inodes of the sockets of this process; none if they cannot be read. */
  ownInodes(): ReadonlySet<string>;
}

export const procTables: SocketTables = {
  read(table) {
    if (process.platform !== "linux") return undefined;
    try {
      return readFileSync(`/proc/net/${table}`, "latin1");
    } catch {
      return undefined;
    }
  },

  ownInodes() {
    const inodes = new Set<string>();
    for (const descriptor of ownDescriptors()) {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(descriptor)) ?? [];
      if (inode !== undefined) inodes.add(inode);
    }
    return inodes;
  },
};

function ownDescriptors(): string[] {
  try {
    return readdirSync("/proc/self/fd");
  } catch {
    return [];
  }
}

/** Empty for a descriptor that was closed meanwhile, as the one of the directory itself. */
function linkOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return "";
  }
}
