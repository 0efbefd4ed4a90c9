/** Words that are shown while a model still writes them. */
export interface WordStream {
  /** The words so far: what is new of them is written, on a new line when another try took their place. */
  show(soFar: string): void;
  /** The answer as it is at last: what it has beyond the words shown, or all of it when it does not begin with them. Ends with a newline. */
  finish(words: string): void;
  /** No answer follows: the line is ended. */
  abandon(): void;
}

export function createWordStream(write: (text: string) => void): WordStream {
  let shown = "";
  const showUpTo = (words: string): void => {
    write(words.startsWith(shown) ? words.slice(shown.length) : `\n${words}`);
    shown = words;
  };
  return {
    show(soFar) {
      // The beginning of another try may be the same: nothing is taken back before it differs.
      if (!shown.startsWith(soFar)) showUpTo(soFar);
    },
    finish(words) {
      showUpTo(words);
      write("\n");
    },
    abandon() {
      if (shown !== "") write("\n");
    },
  };
}
