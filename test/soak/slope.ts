/** A straight line through measurements. */
export interface Slope {
  /** Per minute, in the unit of the values. */
  readonly perMinute: number;
  /** Standard error of it. */
  readonly error: number;
}

/** By ordinary least squares. @param points times in ms, and values */
export function slopeOf(points: readonly (readonly [ms: number, value: number])[]): Slope {
  const count = points.length;
  const meanTime = points.reduce((sum, [ms]) => sum + ms, 0) / count;
  const meanValue = points.reduce((sum, [, value]) => sum + value, 0) / count;
  const spread = points.reduce((sum, [ms]) => sum + (ms - meanTime) ** 2, 0);
  const slope = points.reduce((sum, [ms, value]) => sum + (ms - meanTime) * (value - meanValue), 0) / spread;
  const residual = points.reduce((sum, [ms, value]) => sum + (value - meanValue - slope * (ms - meanTime)) ** 2, 0);
  const error = Math.sqrt(residual / (count - 2) / spread);
  return { perMinute: slope * 60_000, error: error * 60_000 };
}
