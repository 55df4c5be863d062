import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { createNmeaDecoder, looksLikeNmea } from "../../../../nodes/lib/udp/decoders/nmea/nmea";
import { assertRefused } from "../../../support/decoding";

type Reading = Readonly<Record<string, unknown>>;

const decode = createNmeaDecoder();
const LOG = readFileSync(join(__dirname, "../fixtures/nmea.log"));

/** What a sentence without its checksum says, beside its raw fields. */
function parsed(sentence: string): Reading {
  const { fields: _, talker: __, sentence: ___, ...said } = decode(Buffer.from(sentence))[0] as Reading;
  return said;
}

describe("format nmea", () => {
  const log = decode(LOG) as readonly Reading[];
  const logged: [talker: string, sentence: string, said: Reading][] = [
    [
      "GP",
      "GGA",
      {
        utc: "12:35:19.000Z",
        latitude: 48.1173,
        longitude: 11.5166667,
        quality: 1,
        satellites: 8,
        hdop: 0.9,
        altitudeM: 545.4,
        geoidSeparationM: 46.9,
      },
    ],
    ["GP", "GSA", { selection: "A", fix: 3, satellites: [4, 5, 9, 12, 24], pdop: 2.5, hdop: 1.3, vdop: 2.1 }],
    [
      "GP",
      "RMC",
      {
        time: "1994-03-23T12:35:19.000Z",
        utc: "12:35:19.000Z",
        valid: true,
        latitude: 48.1173,
        longitude: 11.5166667,
        speedKnots: 22.4,
        courseTrue: 84.4,
        magneticVariation: -3.1,
      },
    ],
    ["GP", "GLL", { latitude: 49.2741667, longitude: -123.1853333, utc: "22:54:44.000Z", valid: true }],
    ["GP", "VTG", { courseTrue: 54.7, courseMagnetic: 34.4, speedKnots: 5.5, speedKmh: 10.2 }],
    ["GP", "ZDA", { time: "2002-07-04T20:15:30.000Z", utc: "20:15:30.000Z", zoneHours: 0, zoneMinutes: 0 }],
    ["GP", "HDT", { headingTrue: 274.07 }],
    ["HC", "HDG", { headingMagnetic: 101.1, deviation: null, magneticVariation: -7.1 }],
    ["HC", "HDM", { headingMagnetic: 238 }],
    ["SD", "DBT", { depthFeet: 7.8, depthM: 2.4, depthFathoms: 1.3 }],
    ["SD", "DPT", { depthM: 2.4, transducerOffsetM: 0.5 }],
    ["YX", "MTW", { waterTemperatureC: 17.75 }],
    ["WI", "MWV", { windAngle: 214.8, windReference: "relative", windSpeedKmh: 0.1, valid: true }],
    ["WI", "MWD", { windDirectionTrue: 46, windDirectionMagnetic: 46, windSpeedKnots: 10.1, windSpeedMs: 5.2 }],
    ["VW", "VHW", { headingTrue: 45, headingMagnetic: 43, waterSpeedKnots: 3.5, waterSpeedKmh: 6.4 }],
    [
      "YX",
      "XDR",
      {
        measurements: [
          { type: "C", value: 19.52, unit: "C", name: "TempAir" },
          { type: "P", value: 1.02481, unit: "B", name: "Barometer" },
        ],
      },
    ],
    ["AG", "RSA", { rudder: -3, rudderPort: null }],
    ["TI", "ROT", { rateOfTurnPerMinute: -2.5, valid: true }],
    ["P", "GRME", {}],
    ["AI", "VDM", {}],
  ];
  for (const [talker, sentence, said] of logged) {
    it(`reads ${talker}${sentence}`, () => {
      const reading = log.find((one) => one.talker === talker && one.sentence === sentence);
      assert.deepEqual(reading, { talker, sentence, fields: reading?.fields, ...said });
      assert.ok(Array.isArray(reading?.fields));
    });
  }

  it("reads every sentence of a log, in its order", () => {
    const sentences = LOG.toString().trim().split("\r\n");
    assert.equal(log.length, sentences.length);
    sentences.forEach((sentence, i) => {
      assert.ok(sentence.includes(`${log[i]?.talker}${log[i]?.sentence},`), sentence);
    });
  });

  it("keeps the raw fields as they were sent", () => {
    const [reading] = decode(Buffer.from("!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C")) as [Reading];
    assert.deepEqual(reading.fields, ["1", "1", "", "B", "177KQJ5000G?tO`K>RA1wUbN0TKH", "0"]);
  });

  it("reads satellites in view, of all systems", () => {
    assert.deepEqual(parsed("$GPGSV,1,1,02,01,40,083,46,02,17,308,,1"), {
      messages: 1,
      message: 1,
      inView: 2,
      satellites: [
        { id: 1, elevation: 40, azimuth: 83, snrDb: 46 },
        { id: 2, elevation: 17, azimuth: 308, snrDb: null },
      ],
    });
  });
  it("leaves open what a receiver without a fix leaves open", () => {
    assert.deepEqual(parsed("$GPRMC,,V,,,,,,,,,,N"), {
      time: null,
      utc: null,
      valid: false,
      latitude: null,
      longitude: null,
      speedKnots: null,
      courseTrue: null,
      magneticVariation: null,
    });
  });
  it("leaves open what is malformed", () => {
    assert.deepEqual(parsed("$GPGLL,9999.9,N,abc,E,256060,A"), {
      latitude: null,
      longitude: null,
      utc: null,
      valid: true,
    });
  });
  it("names the wind's speed by its unit", () => {
    assert.deepEqual(parsed("$WIMWV,10,T,5,N,A"), {
      windAngle: 10,
      windReference: "true",
      windSpeedKnots: 5,
      valid: true,
    });
    assert.deepEqual(parsed("$WIMWV,10,T,5,M,V"), {
      windAngle: 10,
      windReference: "true",
      windSpeedMs: 5,
      valid: false,
    });
  });
  it("places a two-digit year in the century of GPS", () => {
    assert.equal(parsed("$GPRMC,000000,A,,,,,,,010100,,").time, "2000-01-01T00:00:00.000Z");
    assert.equal(parsed("$GPRMC,000000,A,,,,,,,311299,,").time, "1999-12-31T00:00:00.000Z");
  });

  it("refuses a wrong checksum", () => {
    assertRefused(decode, "$GPHDT,274.08,T*03", "decode", /checksum of \$GPHDT is 03, but its characters sum up to 0C/);
  });
  it("refuses a datagram of which one line is no sentence", () => {
    assertRefused(decode, "$GPHDT,274.07,T*03\r\nhello\r\n", "decode", /"hello" is no NMEA sentence/);
  });
  it("refuses a sentence that was cut", () => assertRefused(decode, "$GPHDT,274.07,T*0", "decode", /no NMEA sentence/));
  it("refuses an empty datagram", () => assertRefused(decode, "\r\n", "decode", /no NMEA sentence/));

  it("refuses any sentence of which one character was changed", () => {
    const sentence = Buffer.from("$GPGLL,4916.45,N,12311.12,W,225444,A*31");
    assert.equal(decode(sentence).length, 1);
    fc.assert(
      fc.property(fc.integer({ min: 7, max: 35 }), fc.integer({ min: 0x2c, max: 0x5b }), (at, character) => {
        const changed = Buffer.from(sentence);
        fc.pre(changed[at] !== character);
        changed[at] = character;
        assertRefused(decode, changed, "decode", /checksum/);
      }),
    );
  });
});

describe("NMEA in format auto", () => {
  it("is unmistakable with a checksum, even a wrong one", () => {
    for (const line of [
      "$GPHDT,274.07,T*03\r\n",
      "$GPHDT,1,T*03",
      "!AIVDM,1,1,,B,1,0*5C\n$",
      "\\s:a*00\\$GPHDT,1,T*03",
    ]) {
      assert.equal(looksLikeNmea(Buffer.from(line)), true, line);
    }
  });
  it("is not seen in other text", () => {
    for (const line of [
      "",
      "$",
      "$5,00*10",
      "$GPHDT,274.07,T",
      "hello",
      "!warning, hot*10",
      "$GPHDT,1*03 more",
      "\\n",
    ]) {
      assert.equal(looksLikeNmea(Buffer.from(line)), false, line);
    }
  });
});
