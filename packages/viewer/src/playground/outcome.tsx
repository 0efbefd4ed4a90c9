import type { Connection } from "./connection.ts";
import { Answer } from "../parts/answer.tsx";
import { CopyButton } from "../parts/copy-button.tsx";
import type { Pixels } from "../view/pixels.ts";
import { Tabs } from "../parts/tabs.tsx";
import { asCommand, asMcp, asN8n } from "./copy-call.ts";
import type { FinishedCall } from "./finished-call.ts";

interface OutcomeProps {
  readonly call: FinishedCall;
  readonly pixels: Pixels | undefined;
  readonly video: string | undefined;
  readonly keep: Connection["keep"];
}

/** What a call came to: the answer with its evidence, the same as JSON, and the call itself for other doors. */
export function Outcome({ call, pixels, video, keep }: OutcomeProps) {
  const { tool, input, files, result } = call;
  const { output } = result;
  const readable = files.every(({ kind }) => kind !== "xml");
  const asText = { tool: tool.name, inputSchema: tool.inputSchema, args: input, fileNames: files.map(({ name }) => name) };
  const forms = [
    { title: "Command line", text: asCommand(asText) },
    { title: "MCP", text: asMcp(asText) },
    { title: "n8n (paste into the editor)", text: asN8n(asText) },
  ];
  return (
    <>
      <Costs call={call} />
      <Tabs
        label="Answer"
        tabs={[
          {
            title: "Answer",
            content:
              output === undefined || result.failed ? (
                <pre class={`text ${result.failed ? "failure" : ""}`} role={result.failed ? "alert" : undefined}>
                  {result.words}
                </pre>
              ) : (
                <Answer
                  output={output}
                  words={result.words}
                  pixels={readable ? pixels : undefined}
                  video={video}
                  keep={keep && ((corrected) => keep({ tool: tool.name, arguments: input, output, corrected }))}
                />
              ),
          },
          {
            title: "JSON",
            content: (
              <Code
                title={output === undefined ? "Words" : "structuredContent"}
                text={output === undefined ? result.words : JSON.stringify(output, undefined, 2)}
              />
            ),
          },
          {
            title: "This call",
            content: forms.flatMap(({ title, text }) => (text === undefined ? [] : [<Code key={title} title={title} text={text} />])),
          },
        ]}
      />
    </>
  );
}

function Code({ title, text }: { title: string; text: string }) {
  return (
    <section class="code">
      <h3>
        {title} <CopyButton label={`Copy ${title.replace(/ \(.*/, "")}`} text={() => text} />
      </h3>
      <pre class="text" tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </section>
  );
}

/** Time, tokens, and who was asked. */
function Costs({ call: { seconds, result } }: { call: FinishedCall }) {
  const { usage, failed } = result;
  const time = `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  return (
    <p class="costs" role="status">
      <span>
        {failed ? "Failed after" : "Done in"} {time}
      </span>
      {usage !== undefined && usage.calls === 0 && <span>no model was asked</span>}
      {usage !== undefined && usage.calls > 0 && (
        <>
          <span>
            {usage.inputTokens} tokens in, {usage.outputTokens} out, {usage.calls === 1 ? "1 question" : `${usage.calls} questions`}
          </span>
          <span>
            {usage.models.join(", ")} at {usage.servers.join(", ")}
          </span>
        </>
      )}
    </p>
  );
}
