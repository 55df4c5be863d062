import assert from "node:assert/strict";
import { register } from "prom-client";
import { Exposition } from "../../../nodes/lib/metrics/exposition";
import { promtoolProblems, samplesOf } from "../../support/metrics-page";
import { LISTENER_FIGURES as LISTENER, SERVER_FIGURES as SERVER } from "../../support/sample-figures";

describe("exposition of metrics", () => {
  it("has every figure of a server under its name", async () => {
    const samples = samplesOf(await new Exposition().write(SERVER, [], "text"));
    assert.equal(samples.get("sensorcast_readings_published_total"), 100);
    assert.equal(samples.get("sensorcast_deliveries_offered_total"), 200);
    assert.equal(samples.get('sensorcast_deliveries_total{fate="delivered"}'), 150);
    assert.equal(samples.get('sensorcast_deliveries_total{fate="conflated"}'), 30);
    assert.equal(samples.get('sensorcast_deliveries_total{fate="dropped"}'), 15);
    assert.equal(samples.get("sensorcast_deliveries_pending"), 5);
    assert.equal(samples.get('sensorcast_clients{mode="latest"}'), 1);
    assert.equal(samples.get('sensorcast_refusals_total{status="401"}'), 2);
    assert.equal(samples.get("sensorcast_log_bytes"), 4096);
    assert.equal(samples.get("sensorcast_history_bytes"), 1024);
    assert.equal(samples.get("sensorcast_sender_processes"), 0);
    assert.equal(samples.get('sensorcast_client_lag_readings_bucket{le="0"}'), 2);
    assert.equal(samples.get("sensorcast_client_lag_readings_count"), 3);
  });

  it("has what became of the datagrams of each listener, dropped ones too where they are known", async () => {
    const other = { ...LISTENER, id: "c3", name: "", stats: { ...LISTENER.stats, kernelDrops: null } };
    const samples = samplesOf(await new Exposition().write(SERVER, [LISTENER, other], "text"));
    const of = (fate: string, node = 'node="a1b2",name="hall \\"north\\""') =>
      samples.get(`sensorcast_datagrams_total{${node},fate="${fate}"}`);
    assert.equal(of("emitted"), 8);
    assert.equal(of("conflated"), 2);
    assert.equal(of("rejected_decode"), 3);
    assert.equal(of("dropped_kernel"), 7);
    assert.equal(of("dropped_thread"), 4);
    assert.equal(of("dropped_kernel", 'node="c3",name=""'), undefined);
    assert.equal(samples.get('sensorcast_readings_received_total{node="a1b2",name="hall \\"north\\""}'), 12);
  });

  it("counts passes and delays of the event loop as they come, in seconds", async () => {
    const exposition = new Exposition();
    exposition.passed(3, 10);
    exposition.passed(20, 30);
    exposition.loopDelayed(1500);
    const samples = samplesOf(await exposition.write(SERVER, [], "text"));
    assert.equal(samples.get('sensorcast_pass_duration_seconds_bucket{le="0.004"}'), 1);
    assert.equal(samples.get("sensorcast_pass_duration_seconds_count"), 2);
    assert.equal(samples.get('sensorcast_delivery_lag_seconds_bucket{le="0.016"}'), 1);
    assert.equal(samples.get("sensorcast_event_loop_delay_seconds_sum"), 1.5);
  });

  it("is written in either format, one after the other", async () => {
    const exposition = new Exposition();
    const [openMetrics, text] = await Promise.all([
      exposition.write(SERVER, [LISTENER], "openmetrics"),
      exposition.write(SERVER, [LISTENER], "text"),
    ]);
    assert.match(openMetrics, /^# TYPE sensorcast_readings_published counter$/m);
    assert.match(openMetrics, /^sensorcast_readings_published_total 100$/m);
    assert.match(openMetrics, /# EOF\n$/);
    assert.match(text, /^# TYPE sensorcast_readings_published_total counter$/m);
    assert.match(await exposition.write(SERVER, [], "text"), /^# TYPE sensorcast_deliveries_total counter$/m);
  });

  it("leaves the registry of the process alone, which is other packages'", async () => {
    await new Exposition().write(SERVER, [LISTENER], "text");
    assert.deepEqual(await register.getMetricsAsJSON(), []);
  });

  it("finds the approval of promtool (skipped where that is not installed)", async function () {
    const exposition = new Exposition();
    exposition.passed(3, 10);
    const problems = promtoolProblems(await exposition.write(SERVER, [LISTENER], "text"));
    if (problems === undefined) this.skip();
    assert.equal(problems, "");
  });
});
