import { createRequire } from "node:module";

/** What is used of the package `bcryptjs`. */
interface Bcrypt {
  compare(password: string, hash: string): Promise<boolean>;
}

/**
 * Node-RED's own copy of `bcryptjs`: it cannot be told where from here Node-RED is installed, but where it was started, and
 * what it has loaded.
 * @returns `undefined` when it is not found
 */
export function findBcrypt(): Bcrypt | undefined {
  const started = [__filename, require.main?.filename, process.argv[1]];
  const loaded = Object.keys(require.cache).filter((file) =>
    /[\\/](node-red|@node-red[\\/]editor-api)[\\/]/.test(file),
  );
  for (const from of [...started, ...loaded.slice(0, 1), ...loaded.slice(-1)]) {
    if (from === undefined) continue;
    try {
      return createRequire(from)("bcryptjs");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  return undefined;
}
