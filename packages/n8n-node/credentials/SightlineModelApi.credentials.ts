import type {
  IAuthenticate,
  ICredentialDataDecryptedObject,
  ICredentialTestRequest,
  ICredentialType,
  IHttpRequestOptions,
  Icon,
  INodeProperties,
} from "n8n-workflow";

/** A model server that is asked from inside n8n. */
export class SightlineModelApi implements ICredentialType {
  name = "sightlineModelApi";

  displayName = "Sightline Model API";

  icon: Icon = { light: "file:../nodes/Sightline/sightline.svg", dark: "file:../nodes/Sightline/sightline.dark.svg" };

  documentationUrl = "https://github.com/sightline/sightline/tree/main/packages/n8n-node#credentials";

  properties: INodeProperties[] = [
    {
      displayName: "Provider",
      name: "provider",
      type: "options",
      options: [
        { name: "NVIDIA", value: "nvidia" },
        { name: "Ollama", value: "ollama" },
        { name: "OpenAI-Compatible", value: "openai-compatible" },
      ],
      default: "ollama",
      description:
        "What kind of server it is; OpenAI-compatible are OpenAI, vLLM, llama.cpp, LM Studio, OpenRouter, Gemini, NVIDIA NIM and many more",
    },
    {
      displayName: "Base URL",
      name: "baseUrl",
      type: "string",
      default: "http://127.0.0.1:11434",
      placeholder: "http://host.docker.internal:11434",
      description: "Where Ollama is. From inside Docker it is not 127.0.0.1 but host.docker.internal.",
      displayOptions: { show: { provider: ["ollama"] } },
      required: true,
    },
    {
      displayName: "Base URL",
      name: "baseUrl",
      type: "string",
      default: "https://api.openai.com/v1",
      placeholder: "http://host.docker.internal:8000/v1",
      description: "Where the API begins, usually ending in /v1. From inside Docker, the host is host.docker.internal.",
      displayOptions: { show: { provider: ["openai-compatible"] } },
      required: true,
    },
    {
      displayName: "Base URL",
      name: "baseUrl",
      type: "string",
      default: "https://integrate.api.nvidia.com/v1",
      description: "Where NVIDIA's hosted API is; for a NIM of your own choose OpenAI-Compatible",
      displayOptions: { show: { provider: ["nvidia"] } },
      required: true,
    },
    {
      displayName: "API Key",
      name: "apiKey",
      type: "string",
      typeOptions: { password: true },
      default: "",
      description: "Leave it empty for servers that want none",
    },
  ];

  authenticate: IAuthenticate = async (credentials: ICredentialDataDecryptedObject, options: IHttpRequestOptions) => {
    const key = typeof credentials.apiKey === "string" ? credentials.apiKey.trim() : "";
    return key === "" ? options : { ...options, headers: { ...options.headers, authorization: `Bearer ${key}` } };
  };

  // NVIDIA shows its list of models to anybody: its asset store alone asks for the key without using up credit.
  test: ICredentialTestRequest = {
    request: {
      baseURL:
        '={{ $credentials.provider === "nvidia" && $credentials.baseUrl.includes(".nvidia.com") ? "https://api.nvcf.nvidia.com" : $credentials.baseUrl.replace(/\\/+$/, "") }}',
      url: '={{ $credentials.provider === "ollama" ? "/api/tags" : $credentials.provider === "nvidia" && $credentials.baseUrl.includes(".nvidia.com") ? "/v2/nvcf/assets" : "/models" }}',
    },
  };
}
