/** Arrays and objects inside one another. Whoever clones or compares deeper values runs out of stack. */
export const MAX_NESTING = 32;
