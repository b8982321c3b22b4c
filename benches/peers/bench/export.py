"""Makes the files that peers other than torch read: ONNX graphs and a CTranslate2 model."""

import json
import logging
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import torch

from .model import Config, Plain, Reference

OPSET = 17


def export(folder, work):
    """Writes plain.onnx, fused.onnx, their int8 forms, ctranslate2/ and mkl.so into `work`."""
    config = Config(folder)
    onnx_graph(config, work / "plain.onnx")
    fuse(config, work / "plain.onnx", work / "fused.onnx")
    for name in ("plain", "fused"):
        quantise(work / f"{name}.onnx", work / f"{name}-int8.onnx")
    ctranslate2_model(config, work)
    mkl_answer(work / "mkl.so")


def mkl_answer(path):
    """A library that tells MKL to take its fast kernels on any processor; none without a C compiler."""
    source = "int mkl_serv_intel_cpu_true(void) { return 1; }"
    if shutil.which("cc"):
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-o", str(path), "-"], input=source, text=True, check=True)


def onnx_graph(config, path):
    example = (torch.full((2, 9), 101), torch.ones(2, 9, dtype=torch.int64), torch.full((2, 9), 1 / 9))
    shape = {0: "rows", 1: "width"}
    axes = {"ids": shape, "mask": shape, "pool": shape, "sentences": {0: "rows"}, "tokens": shape}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(Plain(config), example, str(path), input_names=["ids", "mask", "pool"],
                          output_names=["sentences", "tokens"], dynamic_axes=axes, opset_version=OPSET, dynamo=False)


def fuse(config, source, path):
    """ONNX Runtime's own optimiser for BERT: attention, embedding, GELU and norms as one node each."""
    from onnxruntime.transformers import optimizer
    from onnxruntime.transformers.fusion_options import FusionOptions

    options = FusionOptions("bert")
    model = optimizer.optimize_model(str(source), model_type="bert", num_heads=config.heads,
                                     hidden_size=config.width, optimization_options=options, opt_level=0)
    fused = {k: v for k, v in model.get_fused_operator_statistics().items() if v}
    print(f"  fused by ONNX Runtime's optimiser: {fused}", file=sys.stderr)
    model.save_model_to_file(str(path))


def quantise(source, path):
    """Dynamic int8: weights by channel ahead of time, activations by tensor at run time.

    The embeddings and the two small heads stay f32: they take no time and lose labels.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    heads = [node.name for node in onnx.load(str(source)).graph.node if node.name.startswith("/heads/")]
    logging.getLogger().setLevel(logging.ERROR)
    heads += [f"{name}_MatMul" for name in heads]  # what a Gemm is called after it is split
    quantize_dynamic(str(source), str(path), weight_type=QuantType.QInt8, per_channel=True,
                     op_types_to_quantize=["MatMul", "Attention"], nodes_to_exclude=heads,
                     extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT})


def ctranslate2_model(config, work):
    """A plain BertModel folder, by CTranslate2's converter. It gives the last layer alone."""
    import ctranslate2

    folder = work / "bert"
    shutil.rmtree(folder, ignore_errors=True)
    Reference(config, mix=False).encoder.save_pretrained(folder)
    for name in ("tokenizer.json",):
        shutil.copy(config.folder / name, folder / name)
    tokenizer = {"tokenizer_class": "BertTokenizerFast", "do_lower_case": True, "pad_token": "[PAD]",
                 "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    converter = ctranslate2.converters.TransformersConverter(str(folder))
    converter.convert(str(work / "ctranslate2"), force=True)


if __name__ == "__main__":
    export(sys.argv[1], Path(sys.argv[2]))
