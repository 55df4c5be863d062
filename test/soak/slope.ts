export type Point = readonly [ms: number, value: number];

/** A straight line through measurements. */
export interface Slope {
  /** Per minute, in the unit of the values. */
  readonly perMinute: number;
  /** Standard error of it. */
  readonly error: number;
}

/**
 * The means of so many parts of measurements, one after the other. What rises until garbage is collected is not measured anew
 * each second: a line through all of it would be far surer of its slope than it may be.
 */
export function meansOf(points: readonly Point[], parts: number): Point[] {
  const means: Point[] = [];
  for (let part = 0; part < parts; part++) {
    const of = points.slice((part * points.length) / parts, ((part + 1) * points.length) / parts);
    const sums = of.reduce(([ms, value], [itsMs, itsValue]) => [ms + itsMs, value + itsValue], [0, 0]);
    if (of.length > 0) means.push([sums[0] / of.length, sums[1] / of.length]);
  }
  return means;
}

/** By ordinary least squares. @param points times in ms, and values */
export function slopeOf(points: readonly Point[]): Slope {
  const count = points.length;
  const meanTime = points.reduce((sum, [ms]) => sum + ms, 0) / count;
  const meanValue = points.reduce((sum, [, value]) => sum + value, 0) / count;
  const spread = points.reduce((sum, [ms]) => sum + (ms - meanTime) ** 2, 0);
  const slope = points.reduce((sum, [ms, value]) => sum + (ms - meanTime) * (value - meanValue), 0) / spread;
  const residual = points.reduce((sum, [ms, value]) => sum + (value - meanValue - slope * (ms - meanTime)) ** 2, 0);
  const error = Math.sqrt(residual / (count - 2) / spread);
  return { perMinute: slope * 60_000, error: error * 60_000 };
}
