const SENSORS = ["temperature", "humidity", "pressure", "vibration"];

/** Like what sensors send as JSON: some 100 bytes. */
export function sensorReading(i: number): string {
  const value = (20 + 10 * Math.sin(i / 17) + ((i * 7919) % 1000) / 1000).toFixed(3);
  const sensor = SENSORS[i % SENSORS.length];
  return JSON.stringify({
    device: `pump-${(i * 7) % 50}`,
    sensor,
    value: Number(value),
    unit: "C",
    time: 1764025681000 + i * 13,
  });
}
