import { sentence, type Translate, translated } from "../../text/sentence";

/** Names the button by which Node-RED's editableList removes a row: it shows nothing but a cross. */
export function nameRemoveButton(row: JQuery, translate: Translate): void {
  const name = translated(sentence("config.remove-row"), translate);
  row.siblings(".red-ui-editableList-item-remove").attr({ title: name, "aria-label": name });
}
