import { join } from "node:path";
import { type Tensor, writeGguf } from "./gguf.ts";

/** Files for `llama-server -m text --mmproj projector`. */
export interface VisionModelFiles {
  readonly text: string;
  readonly projector: string;
  /** Tokens its context holds at most. */
  readonly context: number;
}

const CONTEXT = 4096;
const TEXT = { width: 64, feedForward: 128, heads: 4, layers: 2 };
const VISION = { width: 32, feedForward: 64, heads: 2, side: 112, patch: 14 };
const CHAT_TEMPLATE =
  "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

/**
 * Writes a vision model of random weights, 0.6 MB: a llama of two layers and a projector in the manner of Gemma 3. A real llama-server loads it in
 * a second, really decodes pictures, counts tokens, obeys JSON schemas and reports errors. Its words are noise: it proves the
 * plumbing, not the answers. The same files every time.
 */
export function writeRandomVisionModel(folder: string): VisionModelFiles {
  const normal = normalNumbers(42);
  const random = (...shape: number[]): Tensor => ({ shape, data: Float32Array.from({ length: size(shape) }, () => 0.2 * normal()) });
  const filled = (value: number, ...shape: number[]): Tensor => ({ shape, data: new Float32Array(size(shape)).fill(value) });
  const files = { text: join(folder, "text.gguf"), projector: join(folder, "projector.gguf"), context: CONTEXT };

  const { width, feedForward, heads, layers } = TEXT;
  const tokens = [...byteAlphabet(), "<|im_start|>", "<|im_end|>", "<|endoftext|>", "he"];
  const block = (layer: number): [string, Tensor][] => [
    [`blk.${layer}.attn_norm.weight`, filled(1, width)],
    ...["attn_q", "attn_k", "attn_v", "attn_output"].map((name): [string, Tensor] => [`blk.${layer}.${name}.weight`, random(width, width)]),
    [`blk.${layer}.ffn_norm.weight`, filled(1, width)],
    [`blk.${layer}.ffn_gate.weight`, random(feedForward, width)],
    [`blk.${layer}.ffn_up.weight`, random(feedForward, width)],
    [`blk.${layer}.ffn_down.weight`, random(width, feedForward)],
  ];
  writeGguf(
    files.text,
    [
      ["general.architecture", "string", "llama"],
      ["general.name", "string", "tiny-random"],
      ["llama.context_length", "u32", CONTEXT],
      ["llama.embedding_length", "u32", width],
      ["llama.block_count", "u32", layers],
      ["llama.feed_forward_length", "u32", feedForward],
      ["llama.attention.head_count", "u32", heads],
      ["llama.attention.head_count_kv", "u32", heads],
      ["llama.attention.layer_norm_rms_epsilon", "f32", 1e-5],
      ["llama.rope.dimension_count", "u32", width / heads],
      ["llama.vocab_size", "u32", tokens.length],
      ["tokenizer.ggml.model", "string", "gpt2"],
      ["tokenizer.ggml.pre", "string", "default"],
      ["tokenizer.ggml.tokens", "string[]", tokens],
      // 1 is an ordinary token, 3 a mark of the chat.
      ["tokenizer.ggml.token_type", "i32[]", [...Array<number>(256).fill(1), 3, 3, 3, 1]],
      ["tokenizer.ggml.merges", "string[]", ["h e"]],
      ["tokenizer.ggml.bos_token_id", "u32", 258],
      ["tokenizer.ggml.eos_token_id", "u32", 257],
      ["tokenizer.ggml.padding_token_id", "u32", 258],
      ["tokenizer.ggml.add_bos_token", "bool", false],
      ["tokenizer.chat_template", "string", CHAT_TEMPLATE],
    ],
    [
      ["token_embd.weight", random(tokens.length, width)],
      ["output_norm.weight", filled(1, width)],
      ["output.weight", random(tokens.length, width)],
      ...Array.from({ length: layers }, (_, layer) => block(layer)).flat(),
    ],
  );

  const { width: seen, feedForward: seenForward, side, patch } = VISION;
  const linear = (name: string, out: number, from: number): [string, Tensor][] => [
    [`v.blk.0.${name}.weight`, random(out, from)],
    [`v.blk.0.${name}.bias`, filled(0, out)],
  ];
  const norm = (name: string): [string, Tensor][] => [
    [`v.blk.0.${name}.weight`, filled(1, seen)],
    [`v.blk.0.${name}.bias`, filled(0, seen)],
  ];
  writeGguf(
    files.projector,
    [
      ["general.architecture", "string", "clip"],
      ["general.type", "string", "mmproj"],
      ["clip.has_vision_encoder", "bool", true],
      ["clip.projector_type", "string", "gemma3"],
      ["clip.vision.image_size", "u32", side],
      ["clip.vision.patch_size", "u32", patch],
      ["clip.vision.embedding_length", "u32", seen],
      ["clip.vision.feed_forward_length", "u32", seenForward],
      ["clip.vision.projection_dim", "u32", width],
      ["clip.vision.block_count", "u32", 1],
      ["clip.vision.attention.head_count", "u32", VISION.heads],
      ["clip.vision.attention.layer_norm_epsilon", "f32", 1e-6],
      ["clip.vision.image_mean", "f32[]", [0.5, 0.5, 0.5]],
      ["clip.vision.image_std", "f32[]", [0.5, 0.5, 0.5]],
      ["clip.use_gelu", "bool", true],
    ],
    [
      ["v.patch_embd.weight", random(seen, 3, patch, patch)],
      ["v.patch_embd.bias", filled(0, seen)],
      ["v.position_embd.weight", random((side / patch) ** 2, seen)],
      ["v.post_ln.weight", filled(1, seen)],
      ["v.post_ln.bias", filled(0, seen)],
      ["mm.input_projection.weight", random(seen, width)],
      ["mm.soft_emb_norm.weight", filled(1, seen)],
      ...["attn_q", "attn_k", "attn_v", "attn_out"].flatMap((name) => linear(name, seen, seen)),
      ...linear("ffn_up", seenForward, seen),
      ...linear("ffn_down", seen, seenForward),
      ...norm("ln1"),
      ...norm("ln2"),
    ],
  );
  return files;
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** The 256 characters that stand for the bytes in GPT-2's vocabulary: printable ones for themselves, the others from U+0100 on. */
function byteAlphabet(): string[] {
  let next = 0x100;
  const printable = (byte: number): boolean => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}

/** Normally distributed numbers (Box and Muller's method) over mulberry32: the same ones for the same seed. */
function normalNumbers(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform() || 1e-9)) * Math.cos(2 * Math.PI * uniform());
}
