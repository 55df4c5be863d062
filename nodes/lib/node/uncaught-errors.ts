/** As much of a node as the errors of its messages go through. */
export interface NodeWithErrors {
  error(error: unknown, message?: object): void;
}

/** Of Node-RED, but not in its documented interface: whoever goes without it gets what Node-RED does by itself. */
interface InFlow {
  readonly _flow?: { handleError?(node: unknown, error: unknown, message: object): unknown };
}

/**
 * From now on, an error that comes with a message, as `done(error)` does, goes to all `catch` nodes as ever, but if there is
 * none for it, to `log` instead of Node-RED's log, which would get a line for every message.
 * @param log returns whether it took the error; if not, Node-RED logs it after all
 */
export function divertUncaught(node: NodeWithErrors, log: (error: unknown) => boolean): void {
  const report = node.error.bind(node);
  node.error = (error, message) => {
    const flow = (node as InFlow)._flow;
    if (message === undefined || flow?.handleError === undefined) report(error, message);
    else if (!flow.handleError(node, error, message) && !log(error)) report(error);
  };
}
