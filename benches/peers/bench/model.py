"""The model as torch modules: the reference by transformers, and a plain one to export."""

import json
import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn


class Config:
    """What config.json says, as far as the peers need it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        raw = json.loads((self.folder / "config.json").read_text())
        ours = raw.get("veracity")
        if raw.get("model_type") != "bert" or ours is None or not ours.get("roles"):
            raise SystemExit(f"error: {folder} is not a BERT model with veracity's two heads\n"
                             "  hint: the peers are set up for models such as models/veracity-small")
        self.raw = raw
        self.width = raw["hidden_size"]
        self.heads = raw["num_attention_heads"]
        self.inner = raw["intermediate_size"]
        self.layers = raw["num_hidden_layers"]
        self.labels = [raw["id2label"][str(i)] for i in range(len(raw["id2label"]))]
        self.tags = 3 * len(ours["roles"])
        self.mix = bool(ours.get("layer_mix"))
        self.window = ours["window"]
        self.eps = raw["layer_norm_eps"]
        self.pad = raw.get("pad_token_id", 0)

    def weights(self):
        """All tensors as f32, by the names of the file."""
        return {name: t.float() for name, t in load_file(self.folder / "model.safetensors").items()}


class Heads(nn.Module):
    """Mean of a sentence's tokens and a linear layer; and a linear layer on each token.

    `hidden` is the list of the layers' outputs, the last one alone where nothing is mixed.
    """

    def __init__(self, config, weights, mix):
        super().__init__()
        self.classifier = nn.Linear(config.width, len(config.labels))
        self.token_classifier = nn.Linear(config.width, config.tags)
        for name in ("classifier", "token_classifier"):
            layer = getattr(self, name)
            layer.weight.data = weights[f"{name}.weight"]
            layer.bias.data = weights[f"{name}.bias"]
        self.mix = mix
        if mix:
            for name in ("sentence", "tokens"):
                shares = weights[f"layer_mix.{name}"].softmax(0).tolist()
                setattr(self, f"{name}_shares", shares)

    def forward(self, hidden, pool):
        if self.mix:
            sentence, token = self.mixed(hidden, self.sentence_shares), self.mixed(hidden, self.tokens_shares)
        else:
            sentence = token = hidden[-1].float()
        sentences = self.classifier(torch.matmul(pool.unsqueeze(1), sentence).squeeze(1))
        return sentences, self.token_classifier(token)

    @staticmethod
    def mixed(hidden, shares):
        total = hidden[0].float() * shares[0]
        for layer, share in zip(hidden[1:], shares[1:]):
            total = total + layer.float() * share
        return total


class Reference(nn.Module):
    """transformers' BertModel with the two heads: what all outputs are held to."""

    def __init__(self, config, mix=None, dtype=torch.float32):
        super().__init__()
        from transformers import BertConfig, BertModel

        weights = config.weights()
        own = {k: v for k, v in config.raw.items() if k not in ("veracity", "architectures", "torch_dtype")}
        self.encoder = BertModel(BertConfig(**own), add_pooling_layer=False)
        names = {k.removeprefix("bert."): v for k, v in weights.items() if k.startswith("bert.")}
        missing, unexpected = self.encoder.load_state_dict(names, strict=False)
        if unexpected or any("position_ids" not in m for m in missing):
            raise SystemExit(f"error: the weights do not fit BertModel: {missing} {unexpected}")
        self.encoder.to(dtype)
        self.heads = Heads(config, weights, config.mix if mix is None else mix)
        self.eval()

    def forward(self, ids, mask, pool):
        out = self.encoder(ids, attention_mask=mask, output_hidden_states=self.heads.mix)
        hidden = out.hidden_states[1:] if self.heads.mix else [out.last_hidden_state]
        return self.heads(hidden, pool)


class Plain(nn.Module):
    """The same in elementary operations, in the shape that graph optimisers know as BERT."""

    def __init__(self, config):
        super().__init__()
        weights = config.weights()
        self.c = config
        get = lambda name: weights[f"bert.{name}"]
        self.words = nn.Embedding.from_pretrained(get("embeddings.word_embeddings.weight"))
        self.places = nn.Embedding.from_pretrained(get("embeddings.position_embeddings.weight"))
        self.types = nn.Embedding.from_pretrained(get("embeddings.token_type_embeddings.weight"))
        self.norm = self.layer_norm(get, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(self.layer(get, f"encoder.layer.{i}") for i in range(config.layers))
        self.heads = Heads(config, weights, config.mix)
        self.eval()

    def layer(self, get, at):
        names = {"query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
                 "out": "attention.output.dense", "up": "intermediate.dense", "down": "output.dense"}
        layer = nn.ModuleDict()
        for ours, theirs in names.items():
            weight, bias = get(f"{at}.{theirs}.weight"), get(f"{at}.{theirs}.bias")
            layer[ours] = nn.Linear(weight.shape[1], weight.shape[0])
            layer[ours].weight.data, layer[ours].bias.data = weight, bias
        layer["norm1"] = self.layer_norm(get, f"{at}.attention.output.LayerNorm")
        layer["norm2"] = self.layer_norm(get, f"{at}.output.LayerNorm")
        return layer

    def layer_norm(self, get, name):
        norm = nn.LayerNorm(self.c.width, eps=self.c.eps)
        norm.weight.data, norm.bias.data = get(f"{name}.weight"), get(f"{name}.bias")
        return norm

    def forward(self, ids, mask, pool):
        places = torch.arange(ids.shape[1], device=ids.device).unsqueeze(0)
        x = self.norm(self.words(ids) + self.types(torch.zeros_like(ids)) + self.places(places))
        far = (1.0 - mask[:, None, None, :].float()) * -10000.0
        hidden = []
        for layer in self.layers:
            x = layer["norm1"](layer["out"](self.attention(layer, x, far)) + x)
            x = layer["norm2"](layer["down"](nn.functional.gelu(layer["up"](x))) + x)
            hidden.append(x)
        return self.heads(hidden if self.c.mix else hidden[-1:], pool)

    def attention(self, layer, x, far):
        size = self.c.width // self.c.heads
        split = lambda t: t.view(t.shape[0], t.shape[1], self.c.heads, size).transpose(1, 2)
        q, k, v = (split(layer[name](x)) for name in ("query", "key", "value"))
        scores = torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(size) + far
        context = torch.matmul(scores.softmax(-1), v).transpose(1, 2).contiguous()
        return context.view(context.shape[0], context.shape[1], self.c.width)
