import { parseArgs } from "node:util";
import { verdictOn, written } from "./report";
import { soak } from "./soak";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "60" }, seed: { type: "string", default: String(Date.now() % 1e6) } },
});
const options = {
  minutes: Number(values.minutes),
  seed: Number(values.seed),
  log: (line: string) => console.error(line),
};

soak(options).then(
  (report) => {
    console.log(written(report, options));
    process.exit(verdictOn(report).length === 0 ? 0 : 1);
  },
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
