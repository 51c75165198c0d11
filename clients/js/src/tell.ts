/** What a caller's function throws is its own: it must not reach what calls it. */
export function tell<T>(listener: ((value: T) => void) | undefined, value: T): void {
  try {
    listener?.(value);
  } catch (e) {
    queueMicrotask(() => {
      throw e;
    });
  }
}
