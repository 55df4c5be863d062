/** One parameter of a URL's query. Its value is left encoded: what a `+` stands for depends on the parameter. */
export interface QueryParameter {
  /** `undefined`: its percent-encoding is malformed. */
  readonly name: string | undefined;
  readonly encoded: string;
}

/** The parameters of a URL in order, repeated ones as often as they stand there. One without `=` has an empty value. */
export function* queryParameters(url: string): Iterable<QueryParameter> {
  const start = url.indexOf("?");
  if (start === -1) return;
  for (const parameter of url.slice(start + 1).split("&")) {
    if (parameter === "") continue;
    const equals = parameter.indexOf("=");
    const name = decodeQuery(equals === -1 ? parameter : parameter.slice(0, equals), "space");
    yield { name, encoded: equals === -1 ? "" : parameter.slice(equals + 1) };
  }
}

/**
 * @param plus what a `+` stands for: a space, as in a form, or itself
 * @returns `undefined` when the percent-encoding is malformed
 */
export function decodeQuery(encoded: string, plus: "space" | "itself"): string | undefined {
  try {
    return decodeURIComponent(plus === "space" ? encoded.replaceAll("+", " ") : encoded);
  } catch {
    return undefined;
  }
}
