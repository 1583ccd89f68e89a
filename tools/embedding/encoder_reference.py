"""Independent figures for the tests of `crates/text/src/encoder`.

  tiny                   sentence vectors of the made-up model that the unit tests build, computed here with numpy
  real FOLDER SENTENCES  sentence vectors of a real model through sentence-transformers (torch), the first eight values
                         of each, as the table crates/text/tests/encoder_reference.tsv
  check FOLDER SENTENCES VECTORS
                         the cosine of each vector that `examples/encoder` printed (one JSON array a line) with torch's
"""

import json
import math
import sys

N_DIM, N_LAYERS, N_HEADS, N_WIDE, N_POSITIONS = 8, 2, 2, 12, 10
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "export", "##s", "the", "report", "late", "!"]
TEXTS = ["Exports the report!", "late zzz", ""]


def draws():
    """The numbers of the made-up model, -0.5 to 0.5; each is exact in 32 bits, and so is 1 more."""
    state = 1
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield (state >> 41) / 2**23 - 0.5


def tiny_model():
    import numpy as np

    shapes = [
        ("embeddings.word_embeddings.weight", (len(PIECES), N_DIM)),
        ("embeddings.position_embeddings.weight", (N_POSITIONS, N_DIM)),
        ("embeddings.token_type_embeddings.weight", (2, N_DIM)),
        ("embeddings.LayerNorm.weight", (N_DIM,)),
        ("embeddings.LayerNorm.bias", (N_DIM,)),
    ]
    for layer in range(N_LAYERS):
        for part, n_out, n_in in (
            ("attention.self.query", N_DIM, N_DIM),
            ("attention.self.key", N_DIM, N_DIM),
            ("attention.self.value", N_DIM, N_DIM),
            ("attention.output.dense", N_DIM, N_DIM),
            ("attention.output.LayerNorm", N_DIM, 0),
            ("intermediate.dense", N_WIDE, N_DIM),
            ("output.dense", N_DIM, N_WIDE),
            ("output.LayerNorm", N_DIM, 0),
        ):
            shapes.append((f"encoder.layer.{layer}.{part}.weight", (n_out, n_in) if n_in else (n_out,)))
            shapes.append((f"encoder.layer.{layer}.{part}.bias", (n_out,)))
    numbers = draws()
    model = {name: np.array([next(numbers) for _ in range(math.prod(s))], "f8").reshape(s) for name, s in shapes}
    return {name: array + name.endswith("LayerNorm.weight") for name, array in model.items()}


def forward(model, ids):
    """The mean-pooled unit vector of one text's ids, in 64 bits, written down from the papers."""
    import numpy as np

    def norm(x, name):
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return x * model[f"{name}.weight"] + model[f"{name}.bias"]

    def linear(x, name):
        return x @ model[f"{name}.weight"].T + model[f"{name}.bias"]

    gelu = np.vectorize(lambda x: 0.5 * x * (1 + math.erf(x / math.sqrt(2))))
    x = model["embeddings.word_embeddings.weight"][ids] + model["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + model["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(N_LAYERS):
        at = f"encoder.layer.{layer}."
        heads = [np.split(linear(x, at + f"attention.self.{part}"), N_HEADS, -1) for part in ("query", "key", "value")]
        mixed = []
        for query, key, value in zip(*heads):
            shares = np.exp(query @ key.T / math.sqrt(query.shape[1]))
            mixed.append(shares / shares.sum(-1, keepdims=True) @ value)
        x = norm(x + linear(np.concatenate(mixed, -1), at + "attention.output.dense"), at + "attention.output.LayerNorm")
        x = norm(x + linear(gelu(linear(x, at + "intermediate.dense")), at + "output.dense"), at + "output.LayerNorm")
    pooled = x.mean(0)
    return pooled / np.linalg.norm(pooled)


def tiny():
    model = tiny_model()
    cut = [["[CLS]", "export", "##s", "the", "report", "!", "[SEP]"], ["[CLS]", "late", "[UNK]", "[SEP]"], ["[CLS]", "[SEP]"]]
    for text, pieces in zip(TEXTS, cut):
        vector = forward(model, [PIECES.index(piece) for piece in pieces])
        print(repr(text), ", ".join(f"{x:.6f}" for x in vector))


def torch_vectors(folder, sentences):
    from sentence_transformers import SentenceTransformer

    lines = [line.split("\t")[0] for line in open(sentences, encoding="utf-8").read().split("\n")[:-1]]
    model = SentenceTransformer(folder, device="cpu")
    return lines, [model.encode([line], normalize_embeddings=True)[0] for line in lines]


def real(folder, sentences):
    for line, vector in zip(*torch_vectors(folder, sentences)):
        print(line, *(f"{x:.6f}" for x in vector[:8]), sep="\t")


def check(folder, sentences, vectors):
    import numpy as np

    got = [np.array(json.loads(line)) for line in open(vectors, encoding="utf-8")]
    lines, want = torch_vectors(folder, sentences)
    assert len(got) == len(want), (len(got), len(want))
    cosines = sorted((float(a @ b), line) for a, b, line in zip(got, want, lines))
    for cosine, line in cosines[:5]:
        print(f"{cosine:.7f} {line[:80]}")
    print(f"{len(cosines)} sentences, smallest cosine {cosines[0][0]:.7f}")


if __name__ == "__main__":
    {"tiny": tiny, "real": real, "check": check}[sys.argv[1]](*sys.argv[2:])
