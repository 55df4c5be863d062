import { SensorChart } from "./sensor-chart.js";
import { SensorTable } from "./sensor-table.js";
import { SensorValue } from "./sensor-value.js";

export { SensorChart, SensorTable, SensorValue };

const ELEMENTS = { "sensor-value": SensorValue, "sensor-chart": SensorChart, "sensor-table": SensorTable };

// A page may load this twice, for instance from two servers: the first counts.
for (const [name, element] of Object.entries(ELEMENTS)) {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}
