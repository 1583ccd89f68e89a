"""The file format of `embedding.bin`, and the arithmetic that readers of it must reproduce.

Layout, little-endian:
    magic `TLEMB001` (8 bytes) | u32 header length | header, JSON | payload
    payload = vocabulary: n_tokens times (u16 length in bytes, UTF-8)
              scales:     n_tokens times f32
              rows:       n_tokens times dim times i8
The vector of a text is the sum of scale * row over its word pieces, L2-normalised. Words that cannot be cut into pieces
of the vocabulary add nothing; there are no start and end marks. Weights of tokens are folded into the scales.
"""

import hashlib
import json
import pathlib
import struct

import numpy as np
import scipy.sparse
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

MAGIC = b"TLEMB001"
UNKNOWN = "[UNK]"


def quantise(rows):
    """Signed bytes and one scale a row: the largest magnitude of a row becomes 127. A row of zeros has scale zero."""
    scale = (np.abs(rows).max(axis=1) / 127).astype("<f4")
    safe = np.where(scale > 0, scale, 1)
    return np.clip(np.rint(rows / safe[:, None]), -127, 127).astype("i1"), scale


def write(path, model_id, tokens, rows, recipe):
    """Write the table; answer the SHA-256 of the whole file."""
    quantised, scale = quantise(rows)
    names = [t.encode() for t in tokens]
    payload = b"".join(struct.pack("<H", len(n)) + n for n in names) + scale.tobytes() + quantised.tobytes()
    header = json.dumps(
        {
            "model_id": model_id,
            "dim": rows.shape[1],
            "n_tokens": len(tokens),
            "quantisation": "int8-row",
            "sha256": hashlib.sha256(payload).hexdigest(),
            "recipe": recipe,
        },
        sort_keys=True,
    ).encode()
    data = MAGIC + struct.pack("<I", len(header)) + header + payload
    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(path).write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def read(path):
    """Header, tokens and rows (float32, scales applied) of a table; a damaged file raises ValueError."""
    data = pathlib.Path(path).read_bytes()
    if data[:8] != MAGIC:
        raise ValueError(f"{path}: not an embedding table")
    (length,) = struct.unpack_from("<I", data, 8)
    header, payload = json.loads(data[12 : 12 + length]), data[12 + length :]
    if hashlib.sha256(payload).hexdigest() != header["sha256"]:
        raise ValueError(f"{path}: the checksum does not match")
    tokens, at = [], 0
    for _ in range(header["n_tokens"]):
        (size,) = struct.unpack_from("<H", payload, at)
        tokens.append(payload[at + 2 : at + 2 + size].decode())
        at += 2 + size
    scale = np.frombuffer(payload, "<f4", len(tokens), at)
    rows = np.frombuffer(payload, "i1", len(tokens) * header["dim"], at + 4 * len(tokens))
    return header, tokens, rows.reshape(len(tokens), -1).astype("f4") * scale[:, None]


def tokenizer(tokens):
    """bert-base-uncased's word pieces (lower case, accents stripped) over the tokens of a table."""
    vocabulary = {t: i for i, t in enumerate(tokens)}
    vocabulary.setdefault(UNKNOWN, len(tokens))
    result = Tokenizer(WordPiece(vocabulary, unk_token=UNKNOWN, max_input_chars_per_word=100))
    result.normalizer = BertNormalizer(lowercase=True)
    result.pre_tokenizer = BertPreTokenizer()
    return result


def bags(texts, tokens, limit=128):
    """Sparse matrix of token counts, one row a text; at most `limit` known pieces of a text count."""
    cut = tokenizer(tokens)
    ids = [[i for i in e.ids if i < len(tokens)][:limit] for e in cut.encode_batch(texts, add_special_tokens=False)]
    ends = np.cumsum([0] + [len(i) for i in ids])
    flat = np.fromiter((j for i in ids for j in i), dtype=np.int64, count=ends[-1])
    counts = scipy.sparse.csr_matrix((np.ones(len(flat), "f4"), flat, ends), shape=(len(texts), len(tokens)))
    counts.sum_duplicates()
    return counts


def normalise(vectors):
    """Rows of length one; a row of zeros stays."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(length > 0, length, 1)


def embed(texts, tokens, rows, limit=100_000):
    """Unit vectors of the texts, as every reader of the table computes them."""
    return normalise(bags(texts, tokens, limit) @ rows)
