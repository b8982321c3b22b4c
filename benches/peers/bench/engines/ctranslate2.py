"""CTranslate2's encoder, and the two heads in numpy.

It gives the last layer alone, so that a model that mixes layers is computed without the
mixture: the same work less a few sums. Its outputs are held to torch's last layer.
"""

import ctranslate2
import numpy as np

from ..model import Config


def version():
    return ctranslate2.__version__


def open(job):
    """Variants are compute types, and after a dash what the environment chooses (peers.py)."""
    config = Config(job.model)
    weights = config.weights()
    head = lambda name: (weights[f"{name}.weight"].numpy().T.copy(), weights[f"{name}.bias"].numpy())
    (of_sentence, sentence_bias), (of_token, token_bias) = head("classifier"), head("token_classifier")
    encoder = ctranslate2.Encoder(str(job.work / "ctranslate2"), device="cpu",
                                  compute_type=job.variant.partition("-")[0],
                                  inter_threads=job.streams, intra_threads=job.threads)

    def run(batch):
        ids = ctranslate2.StorageView.from_array(batch.ids.astype(np.int32))
        lengths = ctranslate2.StorageView.from_array(batch.lengths.astype(np.int32))
        hidden = np.array(encoder.forward_batch(ids, lengths).last_hidden_state)
        pooled = np.matmul(batch.pool[:, None, :], hidden)[:, 0]
        rows, width, _ = hidden.shape
        tokens = hidden.reshape(rows * width, -1) @ of_token + token_bias
        return pooled @ of_sentence + sentence_bias, tokens.reshape(rows, width, -1)

    return run
