import { familyOf, presets, type Preset } from "@sightline/core";

/** A current model of a size that most machines run, by Ollama's name for it. */
const GOOD_MODEL = "qwen3-vl:8b";

/** How a server of each kind is started with a model that sees, in lines to paste. */
export const START_LINES: Readonly<Partial<Record<string, string>>> = {
  ollama: `Run \`ollama serve\` (not installed yet: https://ollama.com/download), then \`ollama pull ${GOOD_MODEL}\`.`,
  vllm: "Run `pip install -U vllm`, then `vllm serve Qwen/Qwen3-VL-8B-Instruct`.",
  llamacpp: "Run `llama-server -m MODEL.gguf --mmproj PROJECTOR.gguf`: without its projector no model sees.",
  lmstudio: "Run `lms server start`, and load a vision model in LM Studio.",
  sglang: "Run `python3 -m sglang.launch_server --model-path Qwen/Qwen3-VL-8B-Instruct`.",
  ogx: "Start OGX (Llama Stack) with a provider that serves a vision model: `ogx run starter`.",
  nim: "Start the NIM container of a vision model with its port 8000 published, and name it with --base-url http://HOST:8000/v1.",
};

/** The last vLLM that can load Llama 3.2 Vision, and how it is started. */
const LLAMA_VISION_ON_VLLM =
  'Run `pip install "vllm==0.10.2"`, then `vllm serve meta-llama/Llama-3.2-11B-Vision-Instruct --limit-mm-per-prompt \'{"image":1}\'`.';

/** How to get a server of this kind to run, with the model that is wanted. Undefined for servers that are somebody else's. */
export function wayToStart({ name }: Preset, model: string | undefined): string | undefined {
  if (name === "vllm" && model !== undefined && isLlamaVision(model)) return LLAMA_VISION_ON_VLLM;
  if (name === "ollama" && model !== undefined && !isLlamaVision(model)) return START_LINES[name]?.replace(GOOD_MODEL, model);
  return START_LINES[name];
}

/** How a server that runs gets a model that sees, or this one. Undefined where that is not done with a line. */
export function wayToGet({ name }: Preset, model: string | undefined): string | undefined {
  if (model !== undefined && isLlamaVision(model)) return name === "ollama" || name === "vllm" ? waysToLlamaVision() : undefined;
  if (name === "ollama") return `Run \`ollama pull ${model ?? GOOD_MODEL}\`.`;
  return name === "llamacpp" || name === "vllm" || name === "sglang" || name === "lmstudio" ? START_LINES[name] : undefined;
}

/** Where Llama 3.2 Vision still runs. */
function waysToLlamaVision(): string {
  return `Take a current model (\`ollama pull ${GOOD_MODEL}\`); or, for Llama 3.2 Vision: ${LLAMA_VISION_ON_VLLM} It also runs on SGLang, Ollama 0.24 and NVIDIA's API (NVIDIA_API_KEY).`;
}

/** How to get any model at all, when nothing is set up: one sentence. */
export function wayToAnyModel(localOnly: boolean): string {
  const variables = presets
    .filter(({ local, baseUrl }) => local !== true && baseUrl !== undefined)
    .flatMap(({ keyVariables }) => keyVariables.slice(0, 1));
  const keyed = localOnly ? "" : `, or set the key of a vendor (${variables.join(", ")})`;
  return `Install Ollama (https://ollama.com/download) and run \`ollama pull ${GOOD_MODEL}\`${keyed}.`;
}

/** Where the key of a server goes. */
export function wayToKey({ keyVariables }: Preset): string {
  return `Put its key into ${[...keyVariables, "SIGHTLINE_API_KEY"].join(" or ")}.`;
}

function isLlamaVision(model: string): boolean {
  return familyOf(model).name === "Llama 3.2 Vision";
}
