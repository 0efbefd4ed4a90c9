/** The mark that an event is about: that of the element it happened in. */
export function eventMark(event: Event): string | undefined {
  return (event.target as Element).closest<HTMLElement>("[data-mark]")?.dataset["mark"];
}
