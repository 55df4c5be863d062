import type { Translate } from "../../text/sentence";
import type { SavedStructField } from "../../udp/decoders/struct/struct-template";
import { CStructError, rowsOfStruct } from "./c-struct";
import { RECORD_TEMPLATES } from "./record-templates";

export interface RecordSourcesOptions {
  /** To be filled with devices. */
  readonly devices: JQuery;
  /** Takes the source of a struct of C. */
  readonly source: JQuery;
  /** Where it says what is wrong with that. */
  readonly problem: JQuery;
  readonly translate: Translate;
  /** The rows are to be these now. */
  chosen(fields: readonly SavedStructField[]): void;
}

/** Where the rows of a record come from other than by hand: a well-known device, or the program of one. */
export function offerRecordSources({ devices, source, problem, translate, chosen }: RecordSourcesOptions): void {
  const choose = $("<option>", { value: "", text: translate("udp-sensor-in.struct.choose", {}) });
  devices.append(
    choose,
    RECORD_TEMPLATES.map(({ device }, index) => $("<option>", { value: String(index), text: device })),
  );
  devices.on("change", () => {
    const template = RECORD_TEMPLATES[Number(devices.val() || Number.NaN)];
    if (template === undefined) return;
    source.val("");
    problem.text("");
    chosen(template.fields);
  });
  source.on("input", () => {
    const text = String(source.val()).trim();
    problem.text("");
    if (text === "") return;
    try {
      const rows = rowsOfStruct(text);
      devices.val("");
      chosen(rows);
    } catch (error) {
      if (!(error instanceof CStructError)) throw error;
      problem.text(error.translated(translate));
    }
  });
}
