interface Choice {
  readonly text: string;
  choose(): void;
}

/** Tells the user something for some seconds. What it says may hold anything: it is shown as text. */
export function notify(text: string, type: "error" | "warning" | "success"): void {
  RED.notify($("<p>").text(text), { type });
}

/** Asks a question that has to be answered before anything else, by one of the choices. The last one is the suggested one. */
export function ask(question: string, choices: readonly Choice[]): void {
  const asked = RED.notify($("<p>").text(question), {
    type: "warning",
    modal: true,
    fixed: true,
    buttons: choices.map(({ text, choose }, index) => ({
      text,
      class: index === choices.length - 1 ? "primary" : "",
      click: () => {
        asked.close();
        choose();
      },
    })),
  });
}
