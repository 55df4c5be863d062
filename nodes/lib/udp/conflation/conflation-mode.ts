/** What one message holds of several readings. The editor reads this, too. */
export const CONFLATION_MODES = ["newest", "mean", "minmax", "all"] as const;

export type ConflationMode = (typeof CONFLATION_MODES)[number];
