/** A line of a chat answer holds one word, or a whole answer: longer than this is no answer but a flood. In characters. */
const LONGEST_LINE = 16_000_000;

/**
 * The JSON values of a body that has one on each line (NDJSON), as they come; empty lines are skipped. SyntaxError for a line that is not JSON or
 * does not end. Leaving the loop early lets go of the body. (The packages there are skip what they cannot parse.)
 */
export async function* jsonLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void, undefined> {
  const decoder = new TextDecoder();
  let begun: string[] = [];
  let length = 0;
  for await (const chunk of body) {
    const parts = decoder.decode(chunk, { stream: true }).split("\n");
    const rest = parts.pop() ?? "";
    for (const part of parts) {
      const line = begun.join("") + part;
      begun = [];
      length = 0;
      if (line.trim() !== "") yield parsed(line);
    }
    begun.push(rest);
    length += rest.length;
    if (length > LONGEST_LINE) throw new SyntaxError(`a line of more than ${LONGEST_LINE} characters`);
  }
  const last = begun.join("") + decoder.decode();
  if (last.trim() !== "") yield parsed(last);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new SyntaxError(line.trim().slice(0, 200), { cause: error });
  }
}
