/** What a page tells about itself. A program that is no page is never hidden. */
export interface PageActivity {
  readonly isHidden: boolean;
  /**
   * @param changed told when the page is hidden or seen again, and when the network is back
   * @returns stops the watching
   */
  watch(changed: () => void): () => void;
}

export const pageActivity: PageActivity = {
  get isHidden() {
    return globalThis.document?.visibilityState === "hidden";
  },
  watch(changed) {
    globalThis.document?.addEventListener("visibilitychange", changed);
    globalThis.addEventListener?.("online", changed);
    return () => {
      globalThis.document?.removeEventListener("visibilitychange", changed);
      globalThis.removeEventListener?.("online", changed);
    };
  },
};
