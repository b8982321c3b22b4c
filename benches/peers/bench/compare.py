"""Whether two engines said the same."""

import numpy as np


class Answers:
    """Logits of all sentences: `[sentences, labels]`, and of all tokens: `[tokens, tags]`."""

    def __init__(self, path, config):
        load = lambda ending, columns: np.fromfile(path.with_suffix(f".{ending}"), "<f4").reshape(-1, columns)
        self.sentences = load("sentences", len(config.labels))
        self.tokens = load("tokens", config.tags)

    def labels(self):
        return self.sentences.argmax(1)

    def tags(self):
        """The best of begin, inside, outside, for each group of a token."""
        return self.tokens.reshape(len(self.tokens), -1, 3).argmax(2)


def against(answers, reference):
    """Agreement of the labels and tags, and the largest difference of a logit."""
    return {
        "label_agreement": float((answers.labels() == reference.labels()).mean()),
        "tag_agreement": float((answers.tags() == reference.tags()).mean()),
        "largest_difference": float(max(np.abs(answers.sentences - reference.sentences).max(),
                                        np.abs(answers.tokens - reference.tokens).max())),
    }
