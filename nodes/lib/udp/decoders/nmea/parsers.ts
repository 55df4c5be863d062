import { dateTime, degrees, isoTime, number, signed, text, timeOfDay, valid } from "./cells";

type Cells = readonly string[];

/** What a sentence says, by names with their unit; `null` for what it leaves open. */
type Parser = (fields: Cells) => Readonly<Record<string, unknown>>;

const REFERENCES: Readonly<Record<string, string>> = { R: "relative", T: "true" };
const WIND_SPEEDS: Readonly<Record<string, string>> = { K: "Kmh", M: "Ms", N: "Knots", S: "Mph" };
const GSA_SATELLITES = { from: 2, to: 14 };

/**
 * The common sentences by their type. Headings, courses and angles are in degrees.
 * Source: https://gpsd.gitlab.io/gpsd/NMEA.html, which gathers what is known of NMEA 0183.
 */
export const PARSERS: ReadonlyMap<string, Parser> = new Map<string, Parser>([
  [
    "GGA",
    (f) => ({
      utc: timeOfDay(f[0]),
      ...position(f, 1),
      quality: number(f[5]),
      satellites: number(f[6]),
      hdop: number(f[7]),
      altitudeM: number(f[8]),
      geoidSeparationM: number(f[10]),
    }),
  ],
  [
    "RMC",
    (f) => ({
      time: dateTime(f[0], f[8]),
      utc: timeOfDay(f[0]),
      valid: valid(f[1]),
      ...position(f, 2),
      speedKnots: number(f[6]),
      courseTrue: number(f[7]),
      magneticVariation: signed(f[9], f[10]),
    }),
  ],
  ["GLL", (f) => ({ ...position(f, 0), utc: timeOfDay(f[4]), valid: valid(f[5]) })],
  [
    "VTG",
    (f) => ({
      courseTrue: number(f[0]),
      courseMagnetic: number(f[2]),
      speedKnots: number(f[4]),
      speedKmh: number(f[6]),
    }),
  ],
  [
    "GSA",
    (f) => ({
      selection: text(f[0]),
      fix: number(f[1]),
      satellites: f
        .slice(GSA_SATELLITES.from, GSA_SATELLITES.to)
        .filter((id) => id !== "")
        .map(number),
      pdop: number(f[14]),
      hdop: number(f[15]),
      vdop: number(f[16]),
    }),
  ],
  [
    "GSV",
    (f) => ({
      messages: number(f[0]),
      message: number(f[1]),
      inView: number(f[2]),
      satellites: groups(f, 3).map(([id, elevation, azimuth, snr]) => ({
        id: number(id),
        elevation: number(elevation),
        azimuth: number(azimuth),
        snrDb: number(snr),
      })),
    }),
  ],
  [
    "ZDA",
    (f) => ({
      time: isoTime(f[0], { day: f[1], month: f[2], year: f[3] }),
      utc: timeOfDay(f[0]),
      zoneHours: number(f[4]),
      zoneMinutes: number(f[5]),
    }),
  ],
  ["HDT", (f) => ({ headingTrue: number(f[0]) })],
  ["HDM", (f) => ({ headingMagnetic: number(f[0]) })],
  [
    "HDG",
    (f) => ({
      headingMagnetic: number(f[0]),
      deviation: signed(f[1], f[2]),
      magneticVariation: signed(f[3], f[4]),
    }),
  ],
  ["ROT", (f) => ({ rateOfTurnPerMinute: number(f[0]), valid: valid(f[1]) })],
  ["RSA", (f) => ({ rudder: valid(f[1]) ? number(f[0]) : null, rudderPort: valid(f[3]) ? number(f[2]) : null })],
  [
    "VHW",
    (f) => ({
      headingTrue: number(f[0]),
      headingMagnetic: number(f[2]),
      waterSpeedKnots: number(f[4]),
      waterSpeedKmh: number(f[6]),
    }),
  ],
  ["DBT", (f) => ({ depthFeet: number(f[0]), depthM: number(f[2]), depthFathoms: number(f[4]) })],
  ["DPT", (f) => ({ depthM: number(f[0]), transducerOffsetM: number(f[1]) })],
  ["MTW", (f) => ({ waterTemperatureC: number(f[0]) })],
  [
    "MWV",
    (f) => ({
      windAngle: number(f[0]),
      windReference: REFERENCES[f[1] ?? ""] ?? null,
      ...windSpeed(number(f[2]), f[3]),
      valid: valid(f[4]),
    }),
  ],
  [
    "MWD",
    (f) => ({
      windDirectionTrue: number(f[0]),
      windDirectionMagnetic: number(f[2]),
      windSpeedKnots: number(f[4]),
      windSpeedMs: number(f[6]),
    }),
  ],
  [
    "XDR",
    (f) => ({
      measurements: groups(f, 0).map(([type, value, unit, name]) => ({
        type: text(type),
        value: number(value),
        unit: text(unit),
        name: text(name),
      })),
    }),
  ],
]);

function position(fields: Cells, at: number): { latitude: number | null; longitude: number | null } {
  return {
    latitude: degrees(fields[at], fields[at + 1]),
    longitude: degrees(fields[at + 2], fields[at + 3]),
  };
}

function windSpeed(speed: number | null, unit: string | undefined): Record<string, number | null> {
  const suffix = WIND_SPEEDS[unit ?? ""];
  return suffix === undefined ? {} : { [`windSpeed${suffix}`]: speed };
}

/** The groups of four that repeat from a field on; a last field alone is the signal id of NMEA 4.1. */
function groups(fields: Cells, from: number): Cells[] {
  const found: Cells[] = [];
  for (let i = from; i + 4 <= fields.length; i += 4) found.push(fields.slice(i, i + 4));
  return found;
}
