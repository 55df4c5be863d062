/** Colors of the page for what is drawn on a canvas. */
export interface Theme {
  readonly line: string;
  readonly area: string;
  readonly curves: readonly string[];
}

const CURVES = 8;

/** Those of the color scheme that is in force. */
export function currentTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  return {
    line: color("--line"),
    area: color("--area"),
    curves: Array.from({ length: CURVES }, (_, index) => color(`--curve-${index + 1}`)),
  };
}

export function onThemeChange(changed: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}
