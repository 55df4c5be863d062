import { readFileSync } from "node:fs";
import { resolve } from "node:path";

export interface Target {
  readonly refId: string;
  readonly expr: string;
  /** With labels of what the expression gives, in double braces. */
  readonly legendFormat: string;
}

export interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly Target[];
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  /** Of those of type `query`: `label_values(selector, label)`. */
  readonly definition?: string;
  /** What stands for all values. */
  readonly allValue?: string;
}

/** As Grafana has it, in so far as tests look at it. */
export interface Dashboard {
  readonly schemaVersion: number;
  readonly title: string;
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly Panel[];
}

/** The one for Grafana. */
export function readDashboard(): Dashboard {
  return JSON.parse(readFileSync(resolve(__dirname, "../../docs/grafana-dashboard.json"), "utf8")) as Dashboard;
}
