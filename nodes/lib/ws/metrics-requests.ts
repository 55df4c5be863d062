import type { IncomingMessage, ServerResponse } from "node:http";
import { CONTENT_TYPES, type ExpositionFormat } from "../metrics/exposition";
import type { ServerMetrics } from "../metrics/server-metrics";
import { answerQuestion } from "./admission/question";
import type { Refusal } from "./admission/refusal";
import type { HandleRequest } from "./endpoint/http-handler";

const PATH = "/metrics";

export interface MetricsAccess {
  /** Why a request may not read the metrics; `undefined`: it may. */
  refusalOf(request: IncomingMessage): Promise<Refusal | undefined>;
  /** Told of an error of our own. */
  onError(error: unknown): void;
}

/** Answers requests for the metrics of a server, below its path. */
export function metricsRequests(metrics: ServerMetrics, { refusalOf, onError }: MetricsAccess): HandleRequest {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refusal = await refusalOf(request);
    if (refusal !== undefined) {
      answerQuestion(response, refusal);
      return;
    }
    const format = formatFor(request);
    const page = await metrics.page(format);
    response.writeHead(200, {
      "Content-Type": CONTENT_TYPES[format],
      "Content-Length": Buffer.byteLength(page),
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    });
    response.end(page);
  };
  return (request, response, path) => {
    if (path !== PATH) return false;
    answer(request, response).catch((error) => {
      response.destroy();
      onError(error);
    });
    return true;
  };
}

/** Prometheus asks for OpenMetrics where it is to be had. */
function formatFor({ headers }: IncomingMessage): ExpositionFormat {
  return headers.accept?.includes("application/openmetrics-text") ? "openmetrics" : "text";
}
