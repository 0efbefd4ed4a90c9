import type { Sample, TrainingFormat } from "./formats.ts";

/**
 * The multimodal chat set of torchtune's `multimodal_chat_dataset`: ShareGPT's form, a list of conversations in JSON, each with the path of its one picture
 * (https://docs.pytorch.org/torchtune/stable/basics/multimodal_datasets.html: "currently only supports a single image path per conversation sample"). Without an `image_tag`
 * torchtune puts the picture before the first user message (https://docs.pytorch.org/torchtune/stable/generated/torchtune.data.ShareGPTToMessages.html), which is where Sightline's
 * backends put it too; with one, a page that prints that tag could not be loaded.
 */
export const torchtune: TrainingFormat = {
  // What recipes/configs/llama3_2_vision/11B_lora_single_device.yaml trains, and its `max_seq_len`.
  pupil: { id: "meta-llama/Llama-3.2-11B-Vision-Instruct", contextTokens: 8192 },
  files: ({ train, validation }, folder) => ({
    "train.json": conversations(train),
    ...(validation.length === 0 ? {} : { "validation.json": conversations(validation) }),
    "torchtune.yaml": [
      "# In the place of `dataset` in llama3_2_vision/11B_lora_single_device (docs/training.md).",
      ...dataset("dataset", "train.json", folder),
      ...(validation.length === 0
        ? []
        : [
            "",
            "# Read by recipes that know run_val_every_n_steps alone; torchtune 0.6.1 trains on one GPU without it.",
            ...dataset("dataset_val", "validation.json", folder),
          ]),
      "",
    ].join("\n"),
  }),
};

function conversations(samples: readonly Sample[]): string {
  const rows = samples.map(({ prompt, reply, image }) => ({
    conversations: [
      { from: "human", value: prompt },
      { from: "gpt", value: reply },
    ],
    image,
  }));
  return `${JSON.stringify(rows, undefined, 1)}\n`;
}

/** A JSON text is a YAML one: whatever a folder is called. */
function dataset(name: string, file: string, folder: string): string[] {
  return [
    `${name}:`,
    "  _component_: torchtune.datasets.multimodal.multimodal_chat_dataset",
    "  source: json",
    `  data_files: ${JSON.stringify(`${folder}/${file}`)}`,
    `  image_dir: ${JSON.stringify(folder)}`,
    "  split: train",
  ];
}
